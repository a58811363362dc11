import { arrayTypes } from '../../../../../contract/arrays.ts';
import type { TensorType } from '../../../../../contract/tensor-data.ts';
import { EngineTensor } from '../../../tensor.ts';
import { countElements } from '../../allocate.ts';
import { axisOf, stridedPositions, stridesOf } from '../../shape.ts';
import { takeElements } from '../../take-elements.ts';
import { concatenate } from '../concat.ts';

/** Stacks the results of a loop's turns along a new axis. */
export function stack(
  operator: string,
  made: EngineTensor[],
  { axis, type }: { axis: number; type: string },
): EngineTensor {
  const [first] = made;
  if (first === undefined) {
    const data = type === 'string' ? [] : new arrayTypes[type as Exclude<TensorType, 'string'>](0);
    return new EngineTensor(type as TensorType, data, [0]);
  }
  const at = axisOf(operator, axis, first.dims.length + 1);
  const boxed = made.map(({ type: own, data, dims }) => {
    return new EngineTensor(own, data, [...dims.slice(0, at), 1, ...dims.slice(at)]);
  });
  countElements(operator, [made.length, ...first.dims]);
  return concatenate(operator, boxed, at);
}

/** Returns the part of a tensor at a position of an axis, without that axis. */
export function unstack({ type, data, dims }: EngineTensor, axis: number, position: number): EngineTensor {
  const strides = stridesOf(dims);
  const rest = (list: readonly number[]) => list.filter((_, i) => i !== axis);
  const width = strides[axis]!;
  const to = rest(dims);
  if (axis === 0) {
    return new EngineTensor(type, data.slice(position * width, (position + 1) * width), to);
  }
  return new EngineTensor(
    type,
    takeElements(data, stridedPositions(to, rest(strides), position * width)),
    to,
  );
}
