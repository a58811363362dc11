import type { Dimension, InputSpec } from '../../contract/manifest.ts';
import { joinRows } from '../../contract/rows.ts';
import { isOpen } from '../../contract/signature.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { elementCount } from '../press/tensors.ts';
import { slice } from './record-inputs.ts';

/** Dimensions that have the same size in a request: those that share a name, or that count its records. */
export type Dimensions = { input: number; axis: number }[];
export type Sizes = Iterable<readonly [group: Dimensions, size: number]>;

/** Groups the open dimensions of inputs by name, and the row axes together; those empty in `base` are left out. */
export function openDimensions(inputs: readonly InputSpec[], base: readonly ProbeTensor[]): Dimensions[] {
  const names = inputs.map(({ shape, rowAxis }) => shape?.[rowAxis ?? -1]);
  return groupDimensions(inputs, base, ({ input, axis, size }) => {
    const isRows = axis === inputs[input]!.rowAxis || (typeof size === 'string' && names.includes(size));
    return isRows ? '' : typeof size === 'string' ? size : `${input} ${axis}`;
  });
}

/** Groups the open dimensions of inputs by name; those empty in `base` are left out. */
export function dimensionsByName(inputs: readonly InputSpec[], base: readonly ProbeTensor[]): Dimensions[] {
  return groupDimensions(inputs, base, ({ input, axis, size }) =>
    typeof size === 'string' ? size : `${input} ${axis}`,
  );
}

function groupDimensions(
  inputs: readonly InputSpec[],
  base: readonly ProbeTensor[],
  groupOf: (dimension: { input: number; axis: number; size: Dimension }) => string,
): Dimensions[] {
  const dimensions = inputs.flatMap(({ shape }, input) =>
    (shape ?? []).flatMap((size, axis) =>
      isOpen(size) ? { input, axis, group: groupOf({ input, axis, size }) } : [],
    ),
  );
  return [...Map.groupBy(dimensions, ({ group }) => group).values()].filter(group =>
    group.every(({ input, axis }) => base[input]!.dims[axis]! > 0),
  );
}

/** Resizes inputs; if a dimension has two sizes, the later one wins. */
export function resize(base: readonly ProbeTensor[], sizes: Sizes): ProbeTensor[] {
  const tensors = [...base];
  // Smallest sizes first: enlarging an empty tensor costs nothing.
  for (const [group, size] of [...new Map(sizes)].toSorted(([, a], [, b]) => a - b)) {
    for (const { input, axis } of group) {
      tensors[input] = resizeAxis(tensors[input]!, axis, size);
    }
  }
  return tensors;
}

/** Shortens by dropping elements, lengthens by repeating them. */
function resizeAxis(tensor: ProbeTensor, axis: number, size: number): ProbeTensor {
  const { data, dims } = tensor;
  const copies = Array.from({ length: Math.ceil(size / dims[axis]!) }, () => ({ data, shape: dims }));
  if (copies.length < 2) {
    return slice(tensor, axis, 0, size);
  }
  const repeated = joinRows(copies, axis);
  return slice({ ...tensor, data: repeated.data, dims: repeated.shape }, axis, 0, size);
}

/** Counts the elements of the resized inputs. */
export function countElements(base: readonly ProbeTensor[], sizes: Sizes): number {
  const dims = base.map(tensor => [...tensor.dims]);
  for (const [group, size] of sizes) {
    for (const { input, axis } of group) {
      dims[input]![axis] = size;
    }
  }
  return dims.reduce((sum, sizes) => sum + elementCount(sizes), 0);
}
