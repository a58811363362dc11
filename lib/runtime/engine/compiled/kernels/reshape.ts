import { EngineTensor } from '../../tensor.ts';
import { integersOf } from '../integers.ts';
import type { Kernel } from '../kernel.ts';
import { axisOf, elementCount } from '../shape.ts';

/** Returns the same elements in another shape, without moving any. */
function reshaped(operator: string, { type, data, dims }: EngineTensor, to: number[]): EngineTensor[] {
  if (to.some(size => size < 0) || elementCount(to) !== data.length) {
    throw new Error(`${operator}: [${dims.join(', ')}] cannot become [${to.join(', ')}]`);
  }
  return [new EngineTensor(type, data, to)];
}

/** https://onnx.ai/onnx/operators/onnx__Reshape.html */
export const reshape: Kernel<{ shape: number[] | null; allowsZero: boolean }> =
  ({ shape, allowsZero }) =>
  (x: EngineTensor, shapeInput: EngineTensor | undefined) => {
    const wanted = shape ?? integersOf(shapeInput!);
    const to = wanted.map((size, axis) => (size === 0 && !allowsZero ? (x.dims[axis] ?? -1) : size));
    if (!allowsZero && wanted.some((size, axis) => size === 0 && axis >= x.dims.length)) {
      throw new Error(`Reshape: no size of [${x.dims.join(', ')}] to copy to [${wanted.join(', ')}]`);
    }
    const open = to.indexOf(-1);
    if (open >= 0) {
      const rest = to.reduce((product, size, axis) => (axis === open ? product : product * size), 1);
      to[open] = rest > 0 ? x.data.length / rest : -1;
    }
    return reshaped(
      'Reshape',
      x,
      to.map(size => (Number.isInteger(size) ? size : -1)),
    );
  };

/** https://onnx.ai/onnx/operators/onnx__Flatten.html */
export const flatten: Kernel<{ axis: number }> =
  ({ axis }) =>
  (x: EngineTensor) => {
    const rank = x.dims.length;
    const at = axis === rank ? rank : axisOf('Flatten', axis, Math.max(rank, 1));
    return reshaped('Flatten', x, [elementCount(x.dims.slice(0, at)), elementCount(x.dims.slice(at))]);
  };

/** Axes are attributes before opset 13. */
interface Axes {
  axes: number[] | null;
}

/** https://onnx.ai/onnx/operators/onnx__Squeeze.html */
export const squeeze: Kernel<Axes> =
  ({ axes }) =>
  (x: EngineTensor, axesInput: EngineTensor | undefined) => {
    const given = axes ?? (axesInput === undefined ? [] : integersOf(axesInput));
    const gone = new Set(given.map(axis => axisOf('Squeeze', axis, x.dims.length)));
    const wide = [...gone].find(axis => x.dims[axis] !== 1);
    if (wide !== undefined) {
      throw new Error(`Squeeze: axis ${wide} of [${x.dims.join(', ')}] is not of size 1`);
    }
    const to = x.dims.filter((size, axis) => (given.length === 0 ? size !== 1 : !gone.has(axis)));
    return reshaped('Squeeze', x, to);
  };

/** https://onnx.ai/onnx/operators/onnx__Unsqueeze.html */
export const unsqueeze: Kernel<Axes> =
  ({ axes }) =>
  (x: EngineTensor, axesInput: EngineTensor | undefined) => {
    const given = axes ?? integersOf(axesInput!);
    const rank = x.dims.length + given.length;
    const added = new Set(given.map(axis => axisOf('Unsqueeze', axis, rank)));
    if (added.size !== given.length) {
      throw new Error('Unsqueeze: an axis appears twice');
    }
    const rest = [...x.dims];
    return reshaped(
      'Unsqueeze',
      x,
      Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : rest.shift()!)),
    );
  };
