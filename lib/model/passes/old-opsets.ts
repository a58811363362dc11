import { dropAttributes, getAttribute } from '../attributes.ts';
import { startNodes } from '../nodes.ts';
import type { ModelProto, NodeProto } from '../onnx_pb.ts';
import { defaultOpset, domainOf } from '../opsets.ts';
import { freshNamesIn } from '../rename.ts';
import { changeNodes, type Scope } from '../scope.ts';
import { allNodes } from '../walk.ts';
import type { Pass } from './pass.ts';

/** The first opset for whose operators ONNX Runtime has kernels throughout. */
const TARGET = 7;

const words = (text: string) => text.split(/\s+/);
/** Operators that broadcast by an attribute before opset 7: https://github.com/onnx/onnx/blob/main/docs/Changelog.md */
const BROADCASTING = new Set(words('Add And Div Equal Greater Less Mul Or Pow Sub Xor'));
/** Operators for which, up to opset 7, only attributes without effect on the result were added or removed. */
const SAME = new Set(
  words(`Abs ArgMax ArgMin AveragePool BatchNormalization Ceil Clip Constant Conv ConvTranspose DepthToSpace Dropout Elu
  Exp Flatten Floor Gather Gemm GlobalAveragePool GlobalMaxPool HardSigmoid Hardmax Identity InstanceNormalization LRN
  LeakyRelu Log LogSoftmax MatMul Max MaxPool Mean Min Neg Not Reciprocal ReduceL1 ReduceL2 ReduceLogSum
  ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Selu Shape Sigmoid Size Slice
  Softmax Softplus Softsign SpaceToDepth Sqrt Squeeze Sum Tanh ThresholdedRelu TopK Transpose Unsqueeze`),
);

/** Converts a model of opset 1 to 6 to opset 7 if the engine lacks a kernel for an operator's old version. */
export const oldOpsets: Pass = {
  name: 'old-opsets',
  engine: 'onnxruntime',
  apply({ proto, facts: { lacking } }) {
    const opset = defaultOpset(proto) ?? TARGET;
    if (opset >= TARGET || lacking.size === 0 || !canMove(proto, opset)) {
      return undefined;
    }
    let isKnown = true;
    changeNodes(proto, (node, scope) => {
      isKnown &&= trailingAxes(node, scope) !== undefined;
      return undefined;
    });
    if (!isKnown) {
      return undefined;
    }
    const fresh = freshNamesIn(proto);
    changeNodes(proto, (node, scope) => adapt(node, scope, fresh));
    for (const entry of proto.opsetImport.filter(({ domain }) => domainOf(domain) === '')) {
      entry.version = BigInt(TARGET);
    }
    return `ONNX Runtime 1.30 lacks kernels of opset ${opset}; its operators now as they are in opset ${TARGET}`;
  },
};

function canMove(proto: ModelProto, opset: number): boolean {
  return [...allNodes(proto)].every(node => {
    if (domainOf(node.domain) !== '' || BROADCASTING.has(node.opType) || node.opType === 'PRelu') {
      return true;
    }
    if (node.opType === 'BatchNormalization') {
      return node.output.length === 1 || getAttribute(node, 'is_test')?.i === 1n;
    }
    const isCurrent = { Concat: 4, Cast: 6, Pad: 2, Reshape: 5, Split: 2, Tile: 6 }[node.opType];
    return SAME.has(node.opType) || (isCurrent !== undefined && opset >= isCurrent);
  });
}

function adapt(node: NodeProto, scope: Scope, fresh: (name: string) => string): NodeProto[] | undefined {
  if (domainOf(node.domain) !== '') {
    return undefined;
  }
  const axes = trailingAxes(node, scope) ?? [];
  const list = startNodes(fresh);
  dropAttributes(node, ['broadcast', 'consumed_inputs', 'is_test']);
  if (BROADCASTING.has(node.opType)) {
    dropAttributes(node, ['axis']);
  }
  if (axes.length > 0) {
    node.input = [node.input[0]!, list.add('Unsqueeze', [node.input[1]!], { axes })];
  }
  return [...list.nodes, node];
}

/** Returns the dimensions of 1 to append to the second input; `undefined` if a rank that they depend on is unknown. */
function trailingAxes(node: NodeProto, { shapes }: Scope): number[] | undefined {
  const isBroadcasting = BROADCASTING.has(node.opType) && domainOf(node.domain) === '';
  if (!isBroadcasting && node.opType !== 'PRelu') {
    return [];
  }
  const [left = '', right = ''] = node.input;
  // PRelu has a slope per channel.
  const axis = isBroadcasting ? getAttribute(node, 'axis')?.i : 1n;
  // Without an axis both inputs are aligned at the end, as in later opsets; a single value applies to all.
  if (axis === undefined || shapes.get(right)?.every(size => size === 1)) {
    return [];
  }
  const [leftRank, rightRank] = [left, right].map(name => shapes.get(name)?.length);
  if (leftRank === undefined || rightRank === undefined) {
    return undefined;
  }
  const first = axis < 0n ? Number(axis) + leftRank : Number(axis);
  return Array.from({ length: Math.max(0, leftRank - first - rightRank) }, (_, index) => rightRank + index);
}
