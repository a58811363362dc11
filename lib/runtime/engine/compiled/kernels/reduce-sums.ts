/** Reads a number of a tensor at a position. */
export type At = (position: number) => number;

/** How a type rounds, and how many of its numbers ONNX Runtime adds at once. */
export interface Precision {
  round(value: number): number;
  packet: number;
}

export const exact: Precision = { round: value => value, packet: 1 };
export const single: Precision = { round: Math.fround, packet: 4 };
export const double: Precision = { round: value => value, packet: 2 };

/** Adds one number after another, rounding each sum, as ONNX Runtime sums squares and magnitudes. */
export function sumOneByOne(
  at: At,
  group: Uint32Array,
  { round }: Precision,
  of: (value: number) => number = value => value,
): number {
  let sum = 0;
  for (const position of group) {
    sum = round(sum + round(of(at(position))));
  }
  return sum;
}

/** Sums in the order of `combinePackets`. */
export function sumPackets(at: At, group: Uint32Array, precision: Precision): number {
  const { round } = precision;
  return (
    combinePackets(at, group, precision, (sum, value) => round(sum + value)) ??
    sumOneByOne(at, group, precision)
  );
}

/**
 * Combines as ONNX Runtime does for contiguous numbers: alternately into two packets, which begin at a multiple of the
 * packet size, then the numbers before and after them. `undefined` if the numbers are too few or not contiguous.
 * https://gitlab.com/libeigen/eigen/-/blob/3.4/Eigen/src/Core/Redux.h
 */
export function combinePackets(
  at: At,
  group: Uint32Array,
  { packet }: Precision,
  combine: (all: number, value: number) => number,
): number | undefined {
  const count = group.length;
  const first = Math.min(count, -(group[0] ?? 0) & (packet - 1));
  const pairsEnd = first + Math.floor((count - first) / (2 * packet)) * 2 * packet;
  const end = first + Math.floor((count - first) / packet) * packet;
  if (end === first || !isSideBySide(group)) {
    return undefined;
  }
  const width = Math.min(2 * packet, end - first);
  const lanes = Float64Array.from({ length: width }, (_, lane) => at(group[first + lane]!));
  const add = (lane: number, value: number) => {
    lanes[lane] = combine(lanes[lane]!, value);
  };
  for (let index = first + width; index < pairsEnd; index++) {
    add((index - first) & (width - 1), at(group[index]!));
  }
  const fold = (half: number) => {
    for (let lane = 0; lane < half; lane++) {
      add(lane, lanes[lane + half]!);
    }
  };
  if (width > packet) {
    fold(packet);
    for (let index = pairsEnd; index < end; index++) {
      add(index - pairsEnd, at(group[index]!));
    }
  }
  for (let half = packet / 2; half >= 1; half /= 2) {
    fold(half);
  }
  for (let index = 0; index < first; index++) {
    add(0, at(group[index]!));
  }
  for (let index = end; index < count; index++) {
    add(0, at(group[index]!));
  }
  return lanes[0]!;
}

function isSideBySide(group: Uint32Array): boolean {
  return group.at(-1)! - group[0]! === group.length - 1;
}
