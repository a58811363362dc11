import type { Datatype, InferInput } from '../../lib/runtime/index.ts';

const floats: unknown[] = [
  ...['NaN', 'Infinity', '-Infinity'],
  ...[-0, 0, 0.5, -1],
  // Denormal numbers, and the limits of FLOAT and DOUBLE.
  ...[
    1.401298464324817e-45,
    -1e-40,
    Number.MIN_VALUE,
    3.4028234663852886e38,
    -3.4028234663852886e38,
    Number.MAX_VALUE,
  ],
  ...[65504, 2 ** 31, -(2 ** 63)],
];

const strings = [
  ...['', ' ', '\0', 'a\0b', 'NaN', '%s%n', 'İ', 'ß', '\u202e', '\ufeff', '👩‍👩‍👧‍👦'],
  // Unpaired surrogates.
  ...['\ud800', 'x\udfff\ud800y'],
  ...['a'.repeat(100_000), ' '.repeat(10_000), '\u0301'.repeat(5000)],
];

/** Returns the input with unexpected elements: all, some, or one; equal or different. */
export function hostile(input: InferInput, random: () => number): InferInput {
  const pick = <Item>(list: readonly Item[]): Item => list[Math.floor(random() * list.length)]!;
  const values = valuesOf(input.datatype);
  const share = pick([0, 0.02, 0.3, 1]);
  const same = pick([undefined, pick(values)]);
  const next = () => same ?? pick(values);
  const data = (input.data as unknown[]).map(value => (random() < share ? next() : value));
  if (data.length > 0) {
    data[Math.floor(random() * data.length)] = next();
  }
  return { ...input, data };
}

function valuesOf(datatype: Datatype): readonly unknown[] {
  if (datatype === 'BYTES') {
    return strings;
  }
  if (datatype === 'BOOL') {
    return [true, false];
  }
  const bits = /^(U?)INT(\d+)$/.exec(datatype);
  if (bits === null) {
    return floats;
  }
  const width = BigInt(bits[2]!);
  const [least, most] =
    bits[1] === 'U' ? [0n, 2n ** width - 1n] : [-(2n ** (width - 1n)), 2n ** (width - 1n) - 1n];
  return [least, least + 1n, most, most - 1n, -1n, 0n, 1n, 2n, 100n, 2n ** 31n, 2n ** 40n]
    .filter(value => value >= least && value <= most)
    .map(value => (width === 64n ? value : Number(value)));
}

/** Returns the input with another size of one dimension: shorter by omitting, longer by repeating elements. */
export function resize(input: InferInput, axis: number, size: number): InferInput {
  const { shape } = input;
  const old = shape[axis]!;
  const inner = shape.slice(axis + 1).reduce((product, one) => product * one, 1);
  const outer = shape.slice(0, axis).reduce((product, one) => product * one, 1);
  const from = input.data as unknown[];
  const data = Array.from({ length: outer * size * inner }, (_, at) => {
    const [row, rest] = [Math.floor(at / (size * inner)), at % (size * inner)];
    const place = Math.floor(rest / inner) % Math.max(1, old);
    return from[row * old * inner + place * inner + (rest % inner)] ?? 0;
  });
  return { ...input, shape: shape.map((one, at) => (at === axis ? size : one)), data };
}
