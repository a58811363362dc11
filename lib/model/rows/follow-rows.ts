import { getAttribute } from '../attributes.ts';
import { readIntegers } from '../integers.ts';
import type { NodeProto, TensorProto } from '../onnx_pb.ts';

/** The axis that counts records in a value that depends on them, if the graph shows it. */
export type RowAxis = number | 'unknown';

/** The known facts about the values that a graph's nodes have made so far. */
export interface Values {
  /** Row axes; missing values are the same for all records. */
  axes: Map<string, RowAxis>;
  /** Numbers of dimensions, if known. */
  ranks: Map<string, number>;
  constants: Map<string, TensorProto>;
  /** The version of ONNX's own operators. */
  opset: number;
}

const words = (text: string) => new Set(text.trim().split(/\s+/));

/** Operators that compute each element from those at the same place in their inputs, with broadcasting. */
const elementwise = words(`
  Abs Acos Acosh Add And Asin Asinh Atan Atanh BiasGelu BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Cast
  CastLike Ceil Celu Clip Cos Cosh DequantizeLinear Div Dropout Elu Equal Erf Exp FastGelu Floor Gelu Greater
  GreaterOrEqual HardSigmoid HardSwish Identity IsInf IsNaN LeakyRelu Less LessOrEqual Log Max Mean Min Mish Mod Mul
  Neg Not Or PRelu Pow QuantizeLinear QuickGelu Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus
  Softsign Sqrt StringConcat Sub Sum Swish Tan Tanh ThresholdedRelu Where Xor`);

/** Operators that keep the shape and the row axis. */
const shapeKeeping = words(`
  CumSum Hardmax LayerNormalization LogSoftmax LpNormalization MeanVarianceNormalization ReverseSequence
  SimplifiedLayerNormalization RMSNormalization SkipLayerNormalization Softmax TopK`);

/** Operators whose first dimension counts records by definition. */
const recordsFirst = words(`
  Attention AveragePool BatchNormalization Binarizer CategoryMapper Conv ConvInteger ConvTranspose DepthToSpace
  EmbedLayerNormalization FeatureVectorizer FusedConv GlobalAveragePool GlobalLpPool GlobalMaxPool GridSample
  GroupNormalization Imputer InstanceNormalization LRN LabelEncoder LinearClassifier LinearRegressor LpPool MaxPool
  MultiHeadAttention Normalizer OneHotEncoder QLinearConv Resize SVMClassifier SVMRegressor Scaler SpaceToDepth
  TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor Upsample`);

const products = words(
  'FusedMatMul Gemm MatMul MatMulInteger MatMulIntegerToFloat MatMulNBits QLinearMatMul',
);

/** Operators that pick elements of the first input by the indices in the second. */
const picking = words('ArrayFeatureExtractor Gather');

export const reductions = words(`
  ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum
  ReduceSumSquare`);

/** Operators whose outputs depend only on the shape of the input. */
const shapeReading = words('Shape Size');

/** Adds the facts about a node's outputs that follow from those about its inputs. */
export function followNode(node: NodeProto, values: Values): void {
  const { axes, ranks, constants } = values;
  const constant = node.opType === 'Constant' ? getAttribute(node, 'value')?.t : undefined;
  if (constant !== undefined) {
    constants.set(node.output[0]!, constant);
    ranks.set(node.output[0]!, constant.dims.length);
  }
  const rank = outputRank(node, values);
  const isOfRecords = node.input.some(name => axes.has(name)) && !shapeReading.has(node.opType);
  for (const name of node.output.filter(name => name !== '')) {
    const known = ranks.get(name) ?? rank;
    if (known !== undefined) {
      ranks.set(name, known);
    }
    if (isOfRecords) {
      const axis = outputAxis(node, values, known);
      axes.set(name, typeof axis === 'number' && (axis < 0 || axis >= (known ?? 9)) ? 'unknown' : axis);
    }
  }
}

function outputRank(node: NodeProto, values: Values): number | undefined {
  const { opType, input } = node;
  const ranks = input.map(name => values.ranks.get(name));
  const [first, second] = ranks;
  if (elementwise.has(opType)) {
    const given = ranks.filter((_, index) => input[index] !== '');
    return given.includes(undefined) ? undefined : Math.max(...(given as number[]));
  }
  if (shapeKeeping.has(opType)) {
    return first;
  }
  if (products.has(opType)) {
    return first === undefined || second === undefined ? undefined : Math.max(first, second);
  }
  switch (opType) {
    case 'Transpose':
    case 'Concat':
    case 'Slice':
    case 'Split':
    case 'ArrayFeatureExtractor':
      return first;
    case 'Flatten':
      return 2;
    case 'OneHot':
      return first === undefined ? undefined : first + 1;
    case 'Gather':
      return first === undefined || second === undefined ? undefined : first + second - 1;
    case 'Reshape':
      return integersOf(input[1], values)?.length;
    case 'Unsqueeze':
    case 'Squeeze': {
      const count = axesOf(node, values, 1)?.length;
      const sign = opType === 'Squeeze' ? -1 : 1;
      return first === undefined || count === undefined ? undefined : first + sign * count;
    }
    default:
      return reductions.has(opType) && keepsDims(node) ? first : undefined;
  }
}

/** Returns the row axis of a node's output, given that some input depends on the records. */
function outputAxis(node: NodeProto, values: Values, rank: number | undefined): RowAxis {
  const { opType, input } = node;
  const given = input.map(name => values.axes.get(name));
  const [axis, otherAxis] = given;
  if (elementwise.has(opType)) {
    return alignedAxis(input, values, rank);
  }
  if (recordsFirst.has(opType)) {
    return given.every(found => found === undefined || found === 0) ? 0 : 'unknown';
  }
  if (opType === 'Reshape' && axis !== undefined) {
    // 0 keeps a dimension; if all dimensions but one are fixed, that one is the number of records.
    const shape = integersOf(input[1], values) ?? [];
    const own = typeof axis === 'number' && shape[axis] === 0 ? axis : shape.indexOf(-1);
    return own === -1 || (axis === 'unknown' && shape.includes(0)) ? 'unknown' : own;
  }
  if (axis === 'unknown' || (axis === undefined && !picking.has(opType))) {
    return 'unknown';
  }
  if (shapeKeeping.has(opType)) {
    return axis!;
  }
  if (products.has(opType)) {
    const isPlain = otherAxis === undefined && (opType !== 'Gemm' || !getAttribute(node, 'transA')?.i);
    return isPlain ? axis! : otherAxis === axis ? axis! : 'unknown';
  }
  const inputRank = values.ranks.get(input[0]!);
  switch (opType) {
    case 'Transpose': {
      const order = getAttribute(node, 'perm')?.ints.map(Number);
      return order === undefined
        ? inputRank === undefined
          ? 'unknown'
          : inputRank - 1 - axis!
        : order.indexOf(axis!);
    }
    case 'Concat':
    case 'Split':
      return given.every(found => found === undefined || found === axis) && ownAxis(node, inputRank) !== axis
        ? axis!
        : 'unknown';
    case 'Flatten':
      return axis === 0 && ownAxis(node, inputRank, 1) > 0 ? 0 : 'unknown';
    case 'Slice':
      return axesOf(node, values, 3)?.includes(axis!) === false ? axis! : 'unknown';
    case 'OneHot': {
      const own = ownAxis(node, rank, -1);
      return own < 0 ? 'unknown' : axis! < own ? axis! : axis! + 1;
    }
    case 'Gather': {
      const own = ownAxis(node, inputRank);
      if (axis === undefined) {
        return typeof otherAxis === 'number' && own >= 0 ? own + otherAxis : 'unknown';
      }
      const width = values.ranks.get(input[1]!);
      return otherAxis !== undefined || own === axis || width === undefined || own < 0
        ? 'unknown'
        : own < axis
          ? axis + width - 1
          : axis;
    }
    case 'ArrayFeatureExtractor':
      // Picks along the last axis.
      if (otherAxis === undefined) {
        return axis === undefined || inputRank === undefined || axis === inputRank - 1 ? 'unknown' : axis;
      }
      return axis !== undefined || inputRank === undefined ? 'unknown' : inputRank - 1;
    case 'Unsqueeze':
      return (
        axesOf(node, values, 1)
          ?.toSorted((a, b) => a - b)
          .reduce<RowAxis>(
            (at, added) => (added < 0 || at === 'unknown' ? 'unknown' : added <= at ? at + 1 : at),
            axis!,
          ) ?? 'unknown'
      );
    case 'Squeeze':
      return withoutAxes(axis!, axesOf(node, values, 1), inputRank);
    default:
      if (!reductions.has(opType)) {
        return 'unknown';
      }
      return keepsDims(node) ? axis! : withoutAxes(axis!, axesOf(node, values, 1), inputRank);
  }
}

/** Aligns dimensions from the last; if the row axes of the inputs differ, the records are combined. */
function alignedAxis(input: readonly string[], { axes, ranks }: Values, rank: number | undefined): RowAxis {
  const aligned = input
    .filter(name => axes.has(name))
    .map(name => {
      const axis = axes.get(name)!;
      const own = ranks.get(name);
      if (axis === 'unknown' || input.length === 1) {
        return axis;
      }
      return own === undefined || rank === undefined ? 'unknown' : axis + rank - own;
    });
  return new Set(aligned).size === 1 ? aligned[0]! : 'unknown';
}

function withoutAxes(axis: number, removed: number[] | undefined, rank: number | undefined): RowAxis {
  const positive = removed?.map(own => (own < 0 && rank !== undefined ? own + rank : own));
  return positive === undefined || positive.length === 0 || positive.some(own => own < 0)
    ? 'unknown'
    : axis - positive.filter(own => own < axis).length;
}

function keepsDims(node: NodeProto): boolean {
  return Number(getAttribute(node, 'keepdims')?.i ?? 1) !== 0;
}

/** Returns the attribute `axis`, counted from the front if the rank is known. */
export function ownAxis(node: NodeProto, rank: number | undefined, otherwise = 0): number {
  const axis = Number(getAttribute(node, 'axis')?.i ?? otherwise);
  return axis < 0 && rank !== undefined ? axis + rank : axis;
}

/** Returns axes from the attribute, or in later opsets an input; `undefined` if not constant, empty if absent. */
export function axesOf(node: NodeProto, values: Values, index: number): number[] | undefined {
  const listed = getAttribute(node, 'axes')?.ints;
  if (listed !== undefined) {
    return listed.map(Number);
  }
  return (node.input[index] ?? '') === '' ? [] : integersOf(node.input[index], values);
}

export function integersOf(name: string | undefined, { constants }: Values): number[] | undefined {
  const tensor = constants.get(name ?? '');
  return tensor && readIntegers(tensor)?.map(Number);
}
