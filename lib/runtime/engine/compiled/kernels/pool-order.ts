import type { WindowAxis } from '../window/window.ts';

/** Numbers that fit ONNX Runtime's buffer for a row. */
const longestRow = 2045;
const widestKernel = 32;

/**
 * The order in which ONNX Runtime's fast kernels combine the elements of a window: in four lanes, the columns of a line of
 * windows before the windows, or one after another.
 */
export function poolOrder(axes: readonly WindowAxis[]): 'lanes' | 'columns' | 'sequence' {
  const isWhole = axes.every(
    ({ size, kernel, stride, before, behind }) =>
      kernel === size && stride === 1 && before === 0 && behind === 0,
  );
  if (isWhole) {
    return 'lanes';
  }
  const last = axes.at(-1)!;
  const isVector =
    axes.length > 1 &&
    axes.every(({ kernel }) => kernel <= widestKernel) &&
    last.stride <= 2 &&
    last.before + last.size + last.behind <= longestRow;
  return isVector ? 'columns' : 'sequence';
}

/** Combines every fourth element, then these four, then the elements that are left. */
export function combineLanes(
  data: Float32Array,
  [offset, size]: [offset: number, size: number],
  {
    initial,
    lane,
    rest,
  }: Record<'lane' | 'rest', (all: number, value: number) => number> & { initial: number },
): number {
  const end = offset + size;
  const lanes = [initial, initial, initial, initial] as [number, number, number, number];
  let at = offset;
  for (; at + 4 <= end; at += 4) {
    for (let index = 0; index < 4; index++) {
      lanes[index] = lane(lanes[index]!, data[at + index]!);
    }
  }
  let all = lane(lane(lanes[0], lanes[2]), lane(lanes[1], lanes[3]));
  for (; at < end; at++) {
    all = rest(all, data[at]!);
  }
  return all;
}
