import { isBigInt, isFloat } from '../../contract/datatypes.ts';
import type { TensorSpec } from '../../contract/manifest.ts';
import { closeShape } from '../../contract/signature.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { elementCount, makeTensor } from './tensors.ts';

/**
 * A way to fill a model's inputs from its signature alone. Models have requirements that no signature shows (indices in
 * range, a divisible length, a window of sound), so several recipes are tried in order.
 */
export interface InputRecipe {
  /** The size of dimensions that the model leaves open. */
  openSize: number;
  /** The size of the dimension that counts records, if it is open. @default openSize */
  rows?: number;
  /**
   * How whole numbers are made: drawn from 0 up to this number, exclusive; counted from 0 within each input; or chosen
   * by the name of their input: axes, sizes, steps.
   */
  integers: number | 'counted' | 'named';
  /** Fractions have a normal distribution, lie between 0 and 1 like probabilities, or are all 1. @default 'normal' */
  floats?: 'normal' | 'unit' | 'ones';
}

export const inputRecipes: readonly InputRecipe[] = [
  { openSize: 2, integers: 10 },
  { openSize: 1, integers: 10 },
  { openSize: 2, integers: 2 },
  { openSize: 1, integers: 2 },
  { openSize: 16, integers: 2 },
  { openSize: 1, integers: 1 },
  { openSize: 2, integers: 'named', floats: 'unit' },
  { openSize: 2, integers: 'named', floats: 'ones' },
  { openSize: 2, integers: 'counted' },
  // Sizes of audio windows, and side lengths of images.
  { openSize: 512, rows: 1, integers: 'named' },
  { openSize: 64, rows: 1, integers: 2 },
  { openSize: 224, rows: 1, integers: 2 },
];

/** More than an image of 3 × 1,024 × 1,024; a recipe that makes a larger input is skipped. */
const maxElements = 2 ** 22;

/** Fills the inputs, always the same for the same seed; `undefined` if the recipe would make them too large. */
export function randomInputs(
  specs: readonly TensorSpec[],
  recipe: InputRecipe,
  random: () => number,
): ProbeTensor[] | undefined {
  const shapes = closeShapes(specs, recipe);
  const lengths = shapes.map(elementCount);
  if (lengths.reduce((sum, length) => sum + length, 0) > maxElements) {
    return undefined;
  }
  return specs.map((spec, index) => {
    const draw = drawing(spec, { recipe, random, sizes: shapes[0]! });
    return makeTensor(
      spec,
      shapes[index]!,
      Array.from({ length: lengths[index]! }, (_, at) => draw(at, lengths[index]!)),
    );
  });
}

/** Returns the shapes of all inputs; every dimension with the name of the one that counts records has its size. */
function closeShapes(specs: readonly TensorSpec[], { openSize, rows = openSize }: InputRecipe): number[][] {
  const names = new Set(specs.map(({ shape, rowAxis }) => (rowAxis === null ? undefined : shape?.[rowAxis])));
  return specs.map(({ shape, rowAxis }) =>
    (shape ?? (rowAxis === null ? [] : [-1])).map(
      (dimension, axis) =>
        closeShape(
          [dimension],
          axis === rowAxis || (typeof dimension === 'string' && names.has(dimension)) ? rows : openSize,
        )[0]!,
    ),
  );
}

type Draw = (index: number, length: number) => unknown;

function drawing(
  { name, datatype }: TensorSpec,
  {
    recipe: { integers, floats = 'normal' },
    random,
    sizes,
  }: { recipe: InputRecipe; random: () => number; sizes: number[] },
): Draw {
  if (isFloat(datatype)) {
    return { normal: () => normal(random), unit: () => Math.floor(random() * 16) / 16, ones: () => 1 }[
      floats
    ];
  }
  const integer =
    integers === 'named'
      ? integersNamed(name, sizes)
      : (index: number) => (integers === 'counted' ? index : Math.floor(random() * integers));
  if (isBigInt(datatype)) {
    return (index, length) => BigInt(integer(index, length));
  }
  switch (datatype) {
    case 'BOOL':
      return () => Number(random() < 0.5);
    case 'BYTES':
      return (index, length) => `w${integer(index, length)}`;
    default:
      return integer;
  }
}

/** Returns plausible whole numbers for an input by its name, given the sizes of the first input. */
function integersNamed(name: string, sizes: number[]): (index: number, length: number) => number {
  if (/ax[ei]s/i.test(name)) {
    return index => index;
  }
  if (/shape|size/i.test(name)) {
    return (index, length) => sizes[index - length + sizes.length] ?? 1;
  }
  if (/split/i.test(name)) {
    return (_, length) => Math.floor((sizes[0] ?? 1) / length);
  }
  if (/start/i.test(name)) {
    return () => 0;
  }
  return /^sr$|sampl(e|ing)_?rate/i.test(name) ? () => 16_000 : () => 1;
}

/** Draws from a normal distribution (Box-Muller transform), in sixteenths: exact in every float and short in JSON. */
function normal(random: () => number): number {
  const value = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.round(value * 16) / 16;
}

/** Returns a small generator of uniform numbers in [0, 1): Mulberry32, by Tommy Ettinger, in the public domain. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
