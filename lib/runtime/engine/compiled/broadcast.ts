import { countElements } from './allocate.ts';
import { stridedPositions, stridesOf } from './shape.ts';

/**
 * Returns the shape that shapes broadcast to: https://onnx.ai/onnx/repo-docs/Broadcasting.html
 * @throws Error that names the operator; RequestError 413 SIZE
 */
export function broadcastDims(operator: string, shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map(dims => dims.length));
  const out = new Array<number>(rank).fill(1);
  for (const dims of shapes) {
    for (let i = 1; i <= dims.length; i++) {
      const size = dims[dims.length - i]!;
      const other = out[rank - i]!;
      if (size !== 1 && other !== 1 && size !== other) {
        const shown = shapes.map(shape => `[${shape.join(', ')}]`).join(' and ');
        throw new Error(`${operator}: ${shown} do not broadcast`);
      }
      out[rank - i] = other === 1 ? size : other;
    }
  }
  countElements(operator, out);
  return out;
}

/** Returns, for each element of the broadcast shape, the index of its source element. */
export function broadcastPositions(dims: readonly number[], to: readonly number[]): Uint32Array {
  const own = stridesOf(dims);
  const missing = to.length - dims.length;
  const strides = to.map((_, axis) =>
    axis < missing || dims[axis - missing] === 1 ? 0 : own[axis - missing]!,
  );
  return stridedPositions(to, strides);
}
