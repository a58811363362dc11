import { makeNode, type NodeList, startNodes } from '../../nodes.ts';
import { TensorProto_DataType as Type } from '../../onnx_pb.ts';

/** Helpers that add nodes around an operator, so that only inputs that it handles correctly reach it. */
export type Guard = ReturnType<typeof startGuard>;

export function startGuard(
  operator: string,
  { opset, fresh }: { opset: number; fresh: (name: string) => string },
) {
  const list: NodeList = startNodes(fresh, operator);
  const box = (value: string) =>
    opset >= 13
      ? list.add('Unsqueeze', [value, list.integers([0])])
      : list.add('Unsqueeze', [value], { axes: [0] });
  /** Adds a Gather whose index is out of range, so that the engine reports an error, unless the condition holds. */
  const passIf = (isFine: string, value: string) => {
    const index = list.cast(list.add('Not', [isFine]), Type.INT64);
    return list.add('Gather', [box(value), index], { axis: 0 }, fresh(`guard/${operator}/0`));
  };
  return {
    ...list,
    fresh,
    /** The size by shape: if the engine removes an empty Concat, it loses a Size of its input and fails. */
    size: (value: string) => list.add('ReduceProd', [list.add('Shape', [value])], { keepdims: 0 }),
    isAtLeast: (value: string, least: number) =>
      list.add('Not', [list.add('Less', [list.cast(value, Type.FLOAT), list.float(least)])]),
    /** Guards a small value, which is copied. */
    passIf,
    /** Guards a value of any size: only its shape passes the Gather, and the Reshape to it copies nothing. */
    passShapeIf(isFine: string, value: string, output = fresh('Reshape')) {
      const shape = passIf(isFine, list.add('Shape', [value]));
      list.nodes.push(makeNode({ opType: 'Reshape', input: [value, shape], output: [output] }));
      return output;
    },
  };
}
