import { makeNode, startNodes } from '../nodes.ts';
import { type NodeProto, TensorProto_DataType as Type } from '../onnx_pb.ts';
import { domainOf } from '../opsets.ts';
import { freshNamesIn } from '../rename.ts';
import { changeNodes, type Scope } from '../scope.ts';
import type { Pass } from './pass.ts';

/** Operators with the same result in a wider type, cast back: narrowing wraps integers around as before. */
const WIDENABLE = new Set(
  `Abs Add Clip Cos CumSum Div Elu Equal Exp Greater GreaterOrEqual Less LessOrEqual Log MatMul Max Min Mod Mul Neg Pow
  ReduceMax ReduceMin ReduceSum Relu Sigmoid Sign Sin Sqrt Sub Tanh TopK Where`.split(/\s+/),
);
const WIDER = new Map<number, number>([
  [Type.INT8, Type.INT32],
  [Type.UINT8, Type.INT32],
  [Type.INT16, Type.INT32],
  [Type.UINT16, Type.INT32],
  [Type.UINT32, Type.INT64],
  [Type.BFLOAT16, Type.FLOAT],
]);
/** Wider types for shifts, which only exist for unsigned numbers. */
const WIDER_UNSIGNED = new Map<number, number>([
  [Type.UINT8, Type.UINT32],
  [Type.UINT16, Type.UINT32],
]);

/** Adds casts around operators whose types the engine reported to have no kernel. */
export const missingKernels: Pass = {
  name: 'missing-kernels',
  engine: 'onnxruntime',
  apply({ proto, facts: { lacking } }) {
    if (lacking.size === 0) {
      return undefined;
    }
    const fresh = freshNamesIn(proto);
    const changed = new Set<string>();
    changeNodes(proto, (node, scope) => {
      const wider = node.opType === 'BitShift' ? WIDER_UNSIGNED : WIDER;
      const isWidenable = WIDENABLE.has(node.opType) || node.opType === 'BitShift';
      const nodes =
        lacking.has(node.opType) && isWidenable && domainOf(node.domain) === ''
          ? widen(node, { scope, wider, fresh })
          : undefined;
      if (nodes !== undefined) {
        changed.add(node.opType);
      }
      return nodes;
    });
    return changed.size === 0
      ? undefined
      : `ONNX Runtime 1.30 has no kernel for ${[...changed].join(', ')} of these types; now computed in wider ones`;
  },
};

/** Returns `undefined` if a type is unknown, or none is narrow. */
function widen(
  node: NodeProto,
  {
    scope: { elementTypes },
    wider,
    fresh,
  }: { scope: Scope; wider: ReadonlyMap<number, number>; fresh: (name: string) => string },
): NodeProto[] | undefined {
  const list = startNodes(fresh);
  const types = [...node.input, ...node.output].filter(Boolean).map(name => elementTypes.get(name));
  if (types.includes(undefined)) {
    return undefined;
  }
  const wideOf = (name: string) => wider.get(elementTypes.get(name) ?? Type.UNDEFINED);
  const before = node.input.map(name => {
    const wide = wideOf(name);
    return wide === undefined ? name : list.cast(name, wide);
  });
  if (list.nodes.length === 0) {
    return undefined;
  }
  const back: NodeProto[] = [];
  node.input = before;
  node.output = node.output.map(name => {
    if (wideOf(name) === undefined) {
      return name;
    }
    const wide = fresh(node.opType);
    back.push(makeNode({ opType: 'Cast', input: [wide], output: [name] }, { to: elementTypes.get(name)! }));
    return wide;
  });
  return [...list.nodes, node, ...back];
}
