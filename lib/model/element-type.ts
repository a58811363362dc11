import { getAttribute } from './attributes.ts';
import { type NodeProto, TensorProto_DataType as Type } from './onnx_pb.ts';
import { domainOf } from './opsets.ts';

/** Operators by the types of their outputs, whatever the inputs; `null` stands for the type of the first input. */
const FIXED = new Map<string, (number | null)[]>([
  ...['Shape', 'Size', 'NonZero', 'ArgMax', 'ArgMin', 'NonMaxSuppression'].map(
    type => [type, [Type.INT64]] as [string, number[]],
  ),
  ...[
    'Equal',
    'Less',
    'LessOrEqual',
    'Greater',
    'GreaterOrEqual',
    'And',
    'Or',
    'Xor',
    'Not',
    'IsNaN',
    'IsInf',
  ].map(type => [type, [Type.BOOL]] as [string, number[]]),
  ...['MatMulInteger', 'ConvInteger'].map(type => [type, [Type.INT32]] as [string, number[]]),
  ['TopK', [null, Type.INT64]],
  ['Unique', [null, Type.INT64, Type.INT64, Type.INT64]],
]);

/** Operators whose first output has the type of their first input. */
const SAME = new Set(
  `Abs Add BatchNormalization Ceil Clip Compress Concat CumSum Div Erf Exp Expand Flatten Floor Gather GatherElements
  GatherND Gemm Identity Log LogSoftmax MatMul Max Min Mod Mul Neg Pad Pow Range Reciprocal ReduceL1 ReduceL2
  ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape
  ReverseSequence Round Scatter ScatterElements ScatterND Sigmoid Sign Slice Softmax Softplus Split Sqrt Squeeze Sub Sum
  Tanh Tile Transpose Trilu Unsqueeze`.split(/\s+/),
);

/** Operators of ai.onnx.ml by the types of their outputs; `undefined` if an attribute decides. */
const CLASSICAL = new Map<string, (number | null | undefined)[]>([
  ...['LinearClassifier', 'SVMClassifier', 'TreeEnsembleClassifier'].map(
    type => [type, [undefined, Type.FLOAT]] as [string, (number | undefined)[]],
  ),
  ...[
    ...['FeatureVectorizer', 'LinearRegressor', 'Normalizer', 'OneHotEncoder', 'SVMRegressor', 'Scaler'],
    'TreeEnsembleRegressor',
  ].map(type => [type, [Type.FLOAT]] as [string, number[]]),
  ...['ArrayFeatureExtractor', 'Binarizer', 'Imputer', 'TreeEnsemble'].map(
    type => [type, [null]] as [string, null[]],
  ),
]);

/** ONNX's number for the element type of a node's output, as far as the operator determines it. */
export function outputElementType(
  node: NodeProto,
  index: number,
  known: ReadonlyMap<string, number>,
): number | undefined {
  const input = (position: number) => known.get(node.input[position] ?? '');
  if (domainOf(node.domain) !== '') {
    const type = node.domain === 'ai.onnx.ml' ? CLASSICAL.get(node.opType)?.[index] : undefined;
    return type === null ? input(0) : type;
  }
  switch (node.opType) {
    case 'Cast':
      return Number(getAttribute(node, 'to')?.i ?? 0) || undefined;
    case 'Constant':
    case 'ConstantOfShape':
      return constantType(node);
    case 'Where':
      return input(1);
    case 'CastLike':
      return input(1);
    case 'OneHot':
      return input(2);
    default: {
      const fixed = FIXED.get(node.opType)?.[index];
      return fixed ?? (fixed === null || SAME.has(node.opType) ? input(0) : undefined);
    }
  }
}

function constantType(node: NodeProto): number | undefined {
  const tensor = getAttribute(node, 'value')?.t;
  if (tensor !== undefined) {
    return tensor.dataType;
  }
  const isInteger = ['value_int', 'value_ints'].some(name => getAttribute(node, name) !== undefined);
  return isInteger ? Type.INT64 : node.opType === 'ConstantOfShape' ? Type.FLOAT : undefined;
}
