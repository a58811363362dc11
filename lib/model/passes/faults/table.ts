import { clone, create } from '@bufbuild/protobuf';
import { getAttribute, getStringAttribute } from '../../attributes.ts';
import { readIntegers } from '../../integers.ts';
import { makeNode } from '../../nodes.ts';
import {
  type GraphProto,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType as Type,
} from '../../onnx_pb.ts';
import type { Scope } from '../../scope.ts';
import { startCounting } from '../sizes/sizing.ts';
import type { Guard } from './guard.ts';
import { haveOneOrigin, type originsOf } from './origins.ts';

/** Operators that ONNX Runtime 1.30 answers with foreign memory or crashes on, as found by bench/fuzz-kernels.ts. */
export interface Fault {
  operators: string[];
  /** What goes wrong, for the report. */
  what: string;
  /** Returns the nodes that replace `node`, which may be changed or left out; `undefined` if the fault cannot occur. */
  guard(node: NodeProto, use: Use): NodeProto[] | undefined;
}

export interface Use {
  scope: Scope;
  opset: number;
  guard: Guard;
  originOf: ReturnType<typeof originsOf>;
}

const MAX_REGION = 1000;

export const faults: readonly Fault[] = [
  {
    operators: ['Pad', 'com.microsoft.Pad'],
    what: 'wrapping around more than once returns unrelated memory',
    guard: guardWrap,
  },
  {
    operators: ['Concat'],
    what: 'with empty tensors, part of the answer is memory that was never written',
    guard: guardConcat,
  },
  {
    operators: ['GRU', 'LSTM', 'RNN', 'RoiAlign'],
    what: 'an empty tensor crashes the process, or the answer is unrelated memory',
    guard: guardEmptiness,
  },
  {
    operators: ['Resize'],
    what: 'a region of interest far outside of the image crashes the process',
    guard: guardRegion,
  },
  {
    operators: ['Unique'],
    what: 'an axis of empty slices crashes the process',
    guard: (node, use) => (getAttribute(node, 'axis') === undefined ? undefined : guardEmptiness(node, use)),
  },
  {
    operators: [
      'com.microsoft.DynamicQuantizeLSTM',
      'com.microsoft.QAttention',
      'com.microsoft.QLinearSoftmax',
    ],
    what: 'an empty tensor crashes the process, or the answer is unrelated memory',
    guard: guardEmptiness,
  },
  {
    operators: ['com.microsoft.FusedMatMul', 'com.microsoft.TransposeMatMul'],
    what: 'for matrices without columns, the answer is unrelated memory',
    guard: guardInner,
  },
  {
    operators: ['com.microsoft.QLinearConcat'],
    what: 'with empty tensors, part of the answer is memory that was never written',
    guard: guardQuantizedConcat,
  },
  {
    operators: ['com.microsoft.Inverse'],
    what: 'matrices that are not square crash the process',
    guard: guardSquare,
  },
  {
    operators: ['com.microsoft.WordConvEmbedding'],
    what: 'for characters outside the table, and words that are not a matrix, the answer is unrelated memory',
    guard: guardCharacters,
  },
  {
    operators: ['TopK'],
    what: 'no rows crash the process, and only 32 bits of a count are read',
    guard: guardTopK,
  },
];

function isNeverEmpty(name: string, { shapes }: Scope): boolean {
  return shapes.get(name)?.every(size => size > 0) ?? false;
}

/** Requires the first input to have an element. */
function guardEmptiness(node: NodeProto, { scope, guard }: Use): NodeProto[] | undefined {
  const [data = ''] = node.input;
  if (data === '' || isNeverEmpty(data, scope)) {
    return undefined;
  }
  node.input[0] = guard.passShapeIf(guard.isAtLeast(guard.size(data), 1), data);
  return [...guard.nodes, node];
}

/** Requires the dimension that both matrices share not to be 0. */
export function guardInner(
  node: NodeProto,
  { scope, guard }: Pick<Use, 'scope' | 'guard'>,
): NodeProto[] | undefined {
  const [left = '', right = ''] = node.input;
  const flag = (name: string) => Number(getAttribute(node, name)?.i ?? 0) !== 0;
  const isFolded = flag('transBatchA');
  const axes = { left: flag('transA') ? -2 : -1, right: flag('transB') ? -1 : -2 };
  const isKnown = (name: string, axis: number) => (scope.shapes.get(name)?.at(axis) ?? 0) > 0;
  if ((!isFolded && isKnown(left, axes.left)) || (!flag('transBatchB') && isKnown(right, axes.right))) {
    return undefined;
  }
  const size = isFolded ? guard.size(left) : sideOf(left, axes.left, guard);
  node.input[0] = guard.passShapeIf(guard.isAtLeast(size, 1), left);
  return [...guard.nodes, node];
}

/** Requires every padding to be at most as long as its axis after negative paddings are cut off. */
function guardWrap(node: NodeProto, { scope, opset, guard }: Use): NodeProto[] | undefined {
  const [data = '', pads = '', , axes = ''] = node.input;
  if (getStringAttribute(node, 'mode') !== 'wrap' || pads === '') {
    return undefined;
  }
  const constant = scope.constants.get(pads);
  const known = constant && readIntegers(constant);
  const shape = scope.shapes.get(data);
  if (axes === '' && shape !== undefined && known?.length === 2 * shape.length) {
    const isShort = (size: number, axis: number) =>
      [known[axis]!, known[axis + shape.length]!].every(pad => pad === 0n || (pad > 0n && pad <= size));
    if (shape.every(isShort)) {
      return undefined;
    }
  }
  const { add, integers, float, shape: shapeOf, dims, difference } = startCounting(guard, opset);
  const pairs = float(add('Reshape', [pads, integers([2, -1])]));
  const sizes = axes === '' ? float(shapeOf(data)) : dims(data, axes);
  const cut = add('ReduceSum', [add('Relu', [add('Neg', [pairs])]), integers([0])], { keepdims: 0 });
  const left = difference(difference(sizes, cut), pairs);
  const least = add('ReduceMin', [left], { keepdims: 0 });
  node.input[1] = guard.passIf(guard.isAtLeast(least, 0), pads);
  return [...guard.nodes, node];
}

/** Regions are in units of the image. NaN is rejected too. */
function guardRegion(node: NodeProto, { scope, guard }: Use): NodeProto[] | undefined {
  const region = node.input[1] ?? '';
  const isRegion = getStringAttribute(node, 'coordinate_transformation_mode') === 'tf_crop_and_resize';
  if (!isRegion || region === '' || scope.constants.has(region)) {
    return undefined;
  }
  const farthest = guard.add('ReduceMax', [guard.add('Abs', [region])], { keepdims: 0 });
  const isNear = guard.add('Less', [guard.cast(farthest, Type.FLOAT), guard.float(MAX_REGION)]);
  node.input[1] = guard.passIf(isNear, region);
  return [...guard.nodes, node];
}

/** Requires the output to have as many elements as all inputs together. */
function guardConcat(node: NodeProto, { scope, guard, originOf }: Use): NodeProto[] | undefined {
  const { shapes } = scope;
  const isFlat = node.input.some(name => shapes.get(name)?.length === 1);
  if (node.input.length < 2 || isFlat || haveOneOrigin(node, originOf)) {
    return undefined;
  }
  if (node.input.every(name => isNeverEmpty(name, scope))) {
    return undefined;
  }
  const [output = ''] = node.output;
  const joined = guard.fresh('Concat');
  const total = node.input.map(guard.size).reduce((sum, size) => guard.add('Add', [sum, size]));
  const isWhole = guard.add('Equal', [total, guard.size(joined)]);
  guard.passShapeIf(isWhole, joined, output);
  node.output = [joined];
  return [node, ...guard.nodes];
}

/** The inputs start with scale and zero point of the answer; then each tensor has its own. */
function guardQuantizedConcat(node: NodeProto, { scope, guard }: Use): NodeProto[] | undefined {
  const tensors = node.input.slice(2).filter((name, at) => at % 3 === 0 && name !== '');
  if (tensors.every(name => isNeverEmpty(name, scope))) {
    return undefined;
  }
  const [first = ''] = tensors;
  const sizes = tensors.map(name => guard.isAtLeast(guard.size(name), 1));
  node.input[2] = guard.passShapeIf(
    sizes.reduce((all, one) => guard.add('And', [all, one])),
    first,
  );
  return [...guard.nodes, node];
}

function guardSquare(node: NodeProto, { scope, guard }: Use): NodeProto[] | undefined {
  const [data = ''] = node.input;
  const [height, width] = scope.shapes.get(data)?.slice(-2) ?? [];
  if (data === '' || (height !== undefined && height > 0 && height === width)) {
    return undefined;
  }
  const isSquare = guard.add('Equal', [sideOf(data, -1, guard), sideOf(data, -2, guard)]);
  node.input[0] = guard.passShapeIf(isSquare, data);
  return [...guard.nodes, node];
}

/** Returns the size of a dimension, counted from the last. */
function sideOf(value: string, axis: number, guard: Guard): string {
  return guard.add('Gather', [guard.add('Shape', [value]), guard.integers([axis], [])], { axis: 0 });
}

/** Requires words to be the rows of a matrix, and each character to be a row of the table. */
function guardCharacters(node: NodeProto, { guard }: Use): NodeProto[] | undefined {
  const [words = '', , , table = ''] = node.input;
  if (words === '' || table === '') {
    return undefined;
  }
  const floats = guard.cast(words, Type.FLOAT);
  const extreme = (operator: string) => guard.add(operator, [floats], { keepdims: 0 });
  const rank = guard.add('Size', [guard.add('Shape', [words])]);
  const rows = guard.add('Gather', [guard.add('Shape', [table]), guard.integers([0], [])], { axis: 0 });
  const isFine = [
    guard.isAtLeast(guard.size(words), 1),
    guard.add('Equal', [rank, guard.integers([2], [])]),
    guard.isAtLeast(extreme('ReduceMin'), 0),
    guard.add('Less', [extreme('ReduceMax'), guard.cast(rows, Type.FLOAT)]),
  ].reduce((all, one) => guard.add('And', [all, one]));
  node.input[0] = guard.passShapeIf(isFine, words);
  return [...guard.nodes, node];
}

/** Without rows, TopK returns an empty answer of the right shape. The operator itself rejects too large a count. */
function guardTopK(node: NodeProto, { scope, opset, guard }: Use): NodeProto[] | undefined {
  const [data = '', k = ''] = node.input;
  if (opset < 10 || data === '' || k === '') {
    return undefined;
  }
  if (!scope.constants.has(k)) {
    node.input[1] = guard.add('Where', [guard.isAtLeast(k, 2 ** 31), guard.integers([2 ** 31 - 1]), k]);
  }
  const [, count = ''] = node.input;
  if (isNeverEmpty(data, scope)) {
    return count === k ? undefined : [...guard.nodes, node];
  }
  const axis = Number(getAttribute(node, 'axis')?.i ?? -1);
  const [values, indices] = [guard.fresh('TopK'), guard.fresh('TopK')];
  const isEmpty = guard.add('Not', [guard.isAtLeast(guard.size(data), 1)]);
  const [from, axes] = [guard.integers([0]), guard.integers([axis])];
  const none = body(
    [
      makeNode({ opType: 'Slice', input: [data, from, count, axes], output: [values] }),
      makeNode({ opType: 'Cast', input: [values], output: [indices] }, { to: Type.INT64 }),
    ],
    [values, indices],
  );
  const own = clone(NodeProtoSchema, node);
  own.output = [guard.fresh('TopK'), guard.fresh('TopK')];
  const branch = makeNode(
    { opType: 'If', input: [isEmpty], output: node.output.map(name => name || guard.fresh('TopK')) },
    { then_branch: none, else_branch: body([own], own.output) },
  );
  return [...guard.nodes, branch];
}

function body(node: NodeProto[], outputs: string[]): GraphProto {
  return create(GraphProtoSchema, { name: 'coldpress', node, output: outputs.map(name => ({ name })) });
}
