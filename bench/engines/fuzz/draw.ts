import { randomNumbers } from '../../models/random.ts';

/** Draws the parts of a fuzz case, deterministically for a seed. */
export type Draw = ReturnType<typeof startDrawing>;

export function startDrawing(seed: number) {
  const random = randomNumbers(seed);
  const int = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const chance = (probability: number) => random() < probability;
  const list = <T>(length: number, item: (index: number) => T): T[] =>
    Array.from({ length }, (_, i) => item(i));
  /** A typical number of a model: one or two decimals, and often repeated. */
  const plain = () => pick([int(-8, 8) / 4, int(-100, 100) / 10, random() * 2 - 1, 0, 1]);
  return { random, int, pick, chance, list, plain };
}

/** The float32 next to a number, above or below. */
export function neighbour(value: number, direction: 1 | -1): number {
  const floats = Float32Array.of(value);
  const bits = new Int32Array(floats.buffer);
  if (floats[0] === 0) {
    return direction * 1.401298464324817e-45;
  }
  bits[0] = bits[0]! + (value > 0 === direction > 0 ? 1 : -1);
  return floats[0]!;
}

export const oddFloats = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  1e-40,
  -1e-40,
  3.4028234663852886e38,
  -3.4028234663852886e38,
  1e10,
  0.1,
];
