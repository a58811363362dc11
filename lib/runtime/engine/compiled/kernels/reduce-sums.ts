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

/**
 * Sums as ONNX Runtime does for contiguous numbers: alternately into two packets, which begin at a multiple of the
 * packet size, then the numbers before and after them.
 * https://gitlab.com/libeigen/eigen/-/blob/3.4/Eigen/src/Core/Redux.h
 */
export function sumPackets(at: At, group: Uint32Array, precision: Precision): number {
  const { round, packet } = precision;
  const count = group.length;
  const first = Math.min(count, -(group[0] ?? 0) & (packet - 1));
  const pairsEnd = first + Math.floor((count - first) / (2 * packet)) * 2 * packet;
  const end = first + Math.floor((count - first) / packet) * packet;
  if (end === first || !isSideBySide(group)) {
    return sumOneByOne(at, group, precision);
  }
  // Starting at -0 leaves the first number added unchanged, even if it is -0.
  const lanes = new Float64Array(2 * packet).fill(-0);
  const add = (lane: number, value: number) => {
    lanes[lane] = round(lanes[lane]! + value);
  };
  for (let index = first; index < pairsEnd; index++) {
    add((index - first) & (2 * packet - 1), at(group[index]!));
  }
  fold(lanes, packet, round);
  for (let index = pairsEnd; index < end; index++) {
    add(index - pairsEnd, at(group[index]!));
  }
  for (let half = packet / 2; half >= 1; half /= 2) {
    fold(lanes, half, round);
  }
  for (let index = 0; index < first; index++) {
    add(0, at(group[index]!));
  }
  for (let index = end; index < count; index++) {
    add(0, at(group[index]!));
  }
  return lanes[0]!;
}

/** Adds to each of the first `count` lanes the lane `count` places after it. */
function fold(lanes: Float64Array, count: number, round: Precision['round']): void {
  for (let lane = 0; lane < count; lane++) {
    lanes[lane] = round(lanes[lane]! + lanes[lane + count]!);
  }
}

function isSideBySide(group: Uint32Array): boolean {
  return group.at(-1)! - group[0]! === group.length - 1;
}
