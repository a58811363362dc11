import { create } from '@bufbuild/protobuf';
import { encodeAttribute } from '../attributes.ts';
import {
  AttributeProto_AttributeType,
  type GraphProto,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType as Type,
  type TypeProto_Tensor,
  type ValueInfoProto,
} from '../onnx_pb.ts';
import { defaultOpset, importDefaultOpset } from '../opsets.ts';
import { freshNames, renameInside } from '../rename.ts';
import { elementTypeOf } from '../types.ts';
import type { Pass } from './pass.ts';

/** Types that callers see instead of types without a JavaScript array; they represent every value exactly. */
const EDGES = new Map<number, { edge: number; opset: number }>([
  [Type.BFLOAT16, { edge: Type.FLOAT, opset: 13 }],
  [Type.FLOAT8E4M3FN, { edge: Type.FLOAT, opset: 19 }],
  [Type.FLOAT8E4M3FNUZ, { edge: Type.FLOAT, opset: 19 }],
  [Type.FLOAT8E5M2, { edge: Type.FLOAT, opset: 19 }],
  [Type.FLOAT8E5M2FNUZ, { edge: Type.FLOAT, opset: 19 }],
  [Type.FLOAT8E8M0, { edge: Type.FLOAT, opset: 24 }],
  [Type.INT4, { edge: Type.INT8, opset: 21 }],
  [Type.UINT4, { edge: Type.UINT8, opset: 21 }],
  [Type.INT2, { edge: Type.INT8, opset: 25 }],
  [Type.UINT2, { edge: Type.UINT8, opset: 25 }],
]);

/** Puts a Cast at inputs and outputs of narrow types: the Node binding rejects them, and crashes on INT4 outputs. */
export const edgeCasts: Pass = {
  name: 'edge-casts',
  apply({ proto }) {
    const { graph } = proto;
    if (graph === undefined) {
      return undefined;
    }
    const opset = defaultOpset(proto);
    const isNarrow = (value: ValueInfoProto) => {
      const narrow = EDGES.get(tensorOf(value)?.elemType ?? 0);
      return narrow !== undefined && (opset === undefined || opset >= narrow.opset);
    };
    const constants = new Set(graph.initializer.map(({ name }) => name));
    const inputs = graph.input.filter(input => isNarrow(input) && !constants.has(input.name));
    const inputNames = new Set(inputs.map(({ name }) => name));
    // An output that is also an input changes with it and needs no Cast.
    const passedOn = graph.output.filter(({ name }) => inputNames.has(name));
    const outputs = unique(graph.output.filter(output => isNarrow(output) && !passedOn.includes(output)));
    if (inputs.length + outputs.length === 0) {
      return undefined;
    }
    importDefaultOpset(proto, 25);
    const types = [...inputs, ...outputs].map(value => elementTypeOf(tensorOf(value)?.elemType ?? 0));
    insertCasts(graph, inputs, outputs);
    for (const value of [...inputs, ...graph.output.filter(isNarrow)]) {
      widen(value);
    }
    return `${[...new Set(types)].join(', ')} has no JavaScript array; ${[...inputs, ...outputs].map(({ name }) => name).join(', ')} now cast at the edge of the graph, exactly`;
  },
};

function insertCasts(graph: GraphProto, inputs: ValueInfoProto[], outputs: ValueInfoProto[]): void {
  const fresh = freshNames(graph);
  const inner = new Map([...inputs, ...outputs].map(({ name }) => [name, fresh(name)]));
  renameInside(graph, inner);
  graph.node = [
    ...inputs.map(input => cast(input.name, inner.get(input.name)!, tensorOf(input)!.elemType)),
    ...graph.node,
    ...outputs.map(output =>
      cast(inner.get(output.name)!, output.name, EDGES.get(tensorOf(output)!.elemType)!.edge),
    ),
  ];
}

function cast(from: string, to: string, elementType: number): NodeProto {
  const attribute = { name: 'to', type: AttributeProto_AttributeType.INT, i: BigInt(elementType) };
  return create(NodeProtoSchema, {
    opType: 'Cast',
    input: [from],
    output: [to],
    attribute: [encodeAttribute(attribute)],
  });
}

function widen(value: ValueInfoProto): void {
  const tensor = tensorOf(value)!;
  tensor.elemType = EDGES.get(tensor.elemType)?.edge ?? tensor.elemType;
}

function tensorOf({ type }: ValueInfoProto): TypeProto_Tensor | undefined {
  return type?.value.case === 'tensorType' ? type.value.value : undefined;
}

/** Removes duplicates: a graph may list an output twice, and one Cast serves both. */
function unique(values: ValueInfoProto[]): ValueInfoProto[] {
  return [...new Map(values.map(value => [value.name, value])).values()];
}
