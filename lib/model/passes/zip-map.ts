import { create } from '@bufbuild/protobuf';
import { getAttribute, subgraphs } from '../attributes.ts';
import {
  type GraphProto,
  type NodeProto,
  type TensorShapeProto_Dimension,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  type TypeProto,
  TypeProtoSchema,
} from '../onnx_pb.ts';
import { importDefaultOpset } from '../opsets.ts';
import { elementTypesOf } from '../scope.ts';
import type { EngineFacts, Pass } from './pass.ts';

type Labels = (string | number)[];

/** Replaces ZipMap, the default in scikit-learn and LightGBM exports, by its input tensor. */
export const zipMap: Pass = {
  name: 'zip-map',
  apply({ proto, labels, facts }) {
    const { graph } = proto;
    if (graph === undefined) {
      return undefined;
    }
    const elementTypes = elementTypesOf(graph);
    const removed = graph.node
      .filter(isZipMap)
      .flatMap(node => flatten(graph, node, { elementTypes, facts }) ?? []);
    for (const { outputs, columns } of removed) {
      for (const output of outputs) {
        labels.set(output, columns);
      }
    }
    if (removed.length === 0) {
      return undefined;
    }
    importDefaultOpset(proto, 13);
    const names = removed.flatMap(({ outputs }) => outputs);
    return `ZipMap makes ${names.join(', ')} a list of dictionaries, which ONNX Runtime's Node binding cannot return; now one tensor, its columns named`;
  },
};

function isZipMap(node: NodeProto): boolean {
  return (
    node.opType === 'ZipMap' &&
    node.domain === 'ai.onnx.ml' &&
    node.input.length === 1 &&
    node.output.length === 1
  );
}

/** Makes the node an Identity if its dictionaries are only used as outputs of the graph. */
function flatten(
  graph: GraphProto,
  node: NodeProto,
  { elementTypes, facts }: { elementTypes: ReadonlyMap<string, number>; facts: EngineFacts },
): { outputs: string[]; columns: Labels } | undefined {
  const columns = columnsOf(node);
  const names = aliases(graph, node.output[0]!);
  if (columns === undefined || names === undefined) {
    return undefined;
  }
  const input = node.input[0]!;
  const outputs = graph.output.filter(({ name }) => names.has(name));
  const inferred = outputs.map(({ name }) => facts.outputTypes.get(name)?.value);
  const elemType =
    elementTypes.get(input) ??
    inferred.map(type => (type?.case === 'tensorType' ? type.value.elemType : undefined)).find(Boolean);
  // If the type is unknown here, ONNX Runtime infers it when it opens the model.
  const type =
    elemType === undefined ? undefined : tensorType(graph, { input, columns: columns.length, elemType });
  node.opType = 'Identity';
  node.domain = '';
  node.attribute = [];
  graph.valueInfo = graph.valueInfo.filter(({ name }) => !names.has(name));
  for (const output of outputs) {
    output.type = type;
  }
  return { outputs: outputs.map(({ name }) => name), columns };
}

function columnsOf(node: NodeProto): Labels | undefined {
  const strings = getAttribute(node, 'classlabels_strings')?.strings ?? [];
  if (strings.length > 0) {
    return strings.map(label => Buffer.from(label).toString());
  }
  const ints = getAttribute(node, 'classlabels_int64s')?.ints ?? [];
  if (ints.length === 0) {
    return undefined;
  }
  return ints.map(label => (Number.isSafeInteger(Number(label)) ? Number(label) : String(label)));
}

/** Returns the names under which a value leaves the graph through Identity; `undefined` if another node uses it. */
function aliases(graph: GraphProto, name: string): Set<string> | undefined {
  const names = new Set([name]);
  for (const alias of names) {
    for (const node of graph.node) {
      if (subgraphs(node).some(body => mentions(body, alias))) {
        return undefined;
      }
      if (!node.input.includes(alias)) {
        continue;
      }
      if (node.opType !== 'Identity' || node.output.length !== 1) {
        return undefined;
      }
      names.add(node.output[0]!);
    }
  }
  return names;
}

function mentions(graph: GraphProto, name: string): boolean {
  return (
    graph.output.some(output => output.name === name) ||
    graph.node.some(node => node.input.includes(name) || subgraphs(node).some(body => mentions(body, name)))
  );
}

/** Returns the type [batch, columns], as far as the graph shows the shape of ZipMap's input. */
function tensorType(
  graph: GraphProto,
  { input, columns, elemType }: { input: string; columns: number; elemType: number },
): TypeProto {
  const isInput = graph.input.some(({ name }) => name === input);
  const known = [...graph.valueInfo, ...graph.input].find(({ name }) => name === input)?.type?.value;
  const dims = known?.case === 'tensorType' ? known.value.shape?.dim : undefined;
  const last = create(TensorShapeProto_DimensionSchema, {
    value: { case: 'dimValue', value: BigInt(columns) },
  });
  const shape = dims === undefined ? [batchOf(graph), last] : [...dims.slice(0, -1), last];
  return create(TypeProtoSchema, {
    value: {
      case: 'tensorType',
      value: {
        elemType,
        // An input of the graph may have rank 1 or 2.
        ...(isInput && dims === undefined ? {} : { shape: create(TensorShapeProtoSchema, { dim: shape }) }),
      },
    },
  });
}

/** Returns the first dimension of the first input if it has a name; a fixed size may come from an example. */
function batchOf(graph: GraphProto): TensorShapeProto_Dimension {
  const type = graph.input[0]?.type?.value;
  const dim = type?.case === 'tensorType' ? type.value.shape?.dim[0] : undefined;
  return dim?.value.case === 'dimParam' ? dim : create(TensorShapeProto_DimensionSchema);
}
