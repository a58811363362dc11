import { attributeNames, getAttribute } from '../attributes.ts';
import {
  AttributeProto_AttributeType as AttributeType,
  type FunctionProto,
  type GraphProto,
  type NodeProto,
} from '../onnx_pb.ts';
import { domainOf } from '../opsets.ts';
import type { ReadTensor } from './constants.ts';
import { NotCovered } from './not-covered.ts';
import type { ConstantValue, ValueType } from './value.ts';

/** The facts about a node's input that are known when the model is compiled. */
export interface Input {
  /** `undefined` if it cannot be derived. */
  type: ValueType | undefined;
  constant: ConstantValue | undefined;
}

/** A node in the form that rules read. An attribute that no rule reads is not covered. */
export interface OperatorNode {
  /** Name in the table of operators: `Add`, `ai.onnx.ml.Scaler`. */
  operator: string;
  /** The version of the operator's domain that the model imports. */
  opset: number;
  /** `undefined` for an omitted input. */
  inputs: readonly (Input | undefined)[];
  /** Number of outputs that the node names; some may be omitted. */
  outputCount: number;
  has(attribute: string): boolean;
  int(attribute: string, byDefault: number): number;
  bigint(attribute: string, byDefault: bigint): bigint;
  ints(attribute: string): number[];
  bigints(attribute: string): bigint[];
  float(attribute: string, byDefault: number): number;
  floats(attribute: string): number[];
  string(attribute: string, byDefault: string): string;
  strings(attribute: string): string[];
  tensor(attribute: string): ConstantValue | undefined;
  graph(attribute: string): GraphProto | undefined;
  /** Accepts attributes that do not affect any answer. */
  ignore(...attributes: string[]): void;
  /** @throws NotCovered */
  refuse(why: string): never;
}

/** Reads a node; `finish` throws if some attribute has not been read. */
export function readNode(
  node: NodeProto,
  { inputs, opset, readTensor }: { inputs: (Input | undefined)[]; opset: number; readTensor: ReadTensor },
): { node: OperatorNode; finish(): void } {
  const operator = operatorOf(node);
  const read = new Set<string>();
  const refuse = (why: string): never => {
    throw new NotCovered(operator, why);
  };
  const attribute = (name: string, types: AttributeType[]) => {
    read.add(name);
    const found = getAttribute(node, name);
    // Before IR version 4, the type could be left out.
    if (found !== undefined && found.type !== AttributeType.UNDEFINED && !types.includes(found.type)) {
      refuse(`attribute "${name}" is of another type than the operator defines`);
    }
    return found;
  };
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
  const bigints = (name: string) => attribute(name, [AttributeType.INTS])?.ints ?? [];
  const reader: OperatorNode = {
    operator,
    opset,
    inputs,
    outputCount: node.output.length,
    has: name => attributeNames(node).includes(name),
    int: (name, byDefault) => {
      const found = attribute(name, [AttributeType.INT]);
      return found === undefined ? byDefault : Number(found.i);
    },
    bigint: (name, byDefault) => attribute(name, [AttributeType.INT])?.i ?? byDefault,
    ints: name => bigints(name).map(Number),
    bigints,
    float: (name, byDefault) => attribute(name, [AttributeType.FLOAT])?.f ?? byDefault,
    floats: name => attribute(name, [AttributeType.FLOATS])?.floats ?? [],
    string: (name, byDefault) => {
      const found = attribute(name, [AttributeType.STRING]);
      return found === undefined ? byDefault : text(found.s);
    },
    strings: name => (attribute(name, [AttributeType.STRINGS])?.strings ?? []).map(text),
    tensor: name => {
      const tensor = attribute(name, [AttributeType.TENSOR])?.t;
      return tensor && readTensor(tensor);
    },
    graph: name => attribute(name, [AttributeType.GRAPH])?.g,
    ignore: (...names) => {
      for (const name of names) {
        read.add(name);
      }
    },
    refuse,
  };
  return {
    node: reader,
    finish() {
      const unread = attributeNames(node).find(name => !read.has(name));
      if (unread !== undefined) {
        refuse(`attribute "${unread}" is not covered`);
      }
    },
  };
}

/** Returns an operator's name in the table of operators. */
export function operatorOf({ domain, opType }: Pick<NodeProto, 'domain' | 'opType'>): string {
  return [domainOf(domain), opType].filter(part => part !== '').join('.');
}

/** Returns the name by which nodes call a function of the model itself. */
export function functionName({ domain, name }: Pick<FunctionProto, 'domain' | 'name'>): string {
  return operatorOf({ domain, opType: name });
}
