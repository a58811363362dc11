import { type Datatype, isBigInt, isFloat } from '../../contract/datatypes.ts';
import type { TensorSpec } from '../../contract/manifest.ts';
import { closeShape } from '../../contract/signature.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { elementCount, makeTensor } from './tensors.ts';

/**
 * One way to fill a model's inputs from nothing but its signature. Models are picky about what the signature does not
 * say (an index in range, a length that divides), so there are several, tried in order.
 */
export interface InputRecipe {
  /** The size of dimensions that the model leaves open. */
  openSize: number;
  /** Whole numbers are drawn from 0 up to this one, exclusive. */
  integerBelow: number;
}

export const inputRecipes: readonly InputRecipe[] = [
  { openSize: 2, integerBelow: 10 },
  { openSize: 1, integerBelow: 10 },
  { openSize: 2, integerBelow: 2 },
  { openSize: 1, integerBelow: 2 },
  { openSize: 16, integerBelow: 2 },
  { openSize: 1, integerBelow: 1 },
];

/** More elements than this in one input, and the recipe is not tried: a window that an open dimension sizes. */
const maxElements = 50_000_000;

/** Fills the inputs, the same for the same seed; `undefined` when the recipe would make them too large. */
export function randomInputs(
  specs: readonly TensorSpec[],
  recipe: InputRecipe,
  random: () => number,
): ProbeTensor[] | undefined {
  const tensors: ProbeTensor[] = [];
  for (const spec of specs) {
    const dims = closeShape(spec.shape ?? [], recipe.openSize);
    const length = elementCount(dims);
    if (length > maxElements) {
      return undefined;
    }
    const draw = drawing(spec.datatype, recipe, random);
    tensors.push(makeTensor(spec, dims, Array.from({ length }, draw)));
  }
  return tensors;
}

function drawing(datatype: Datatype, { integerBelow }: InputRecipe, random: () => number): () => unknown {
  const integer = () => Math.floor(random() * integerBelow);
  if (isFloat(datatype)) {
    return () => normal(random);
  }
  if (isBigInt(datatype)) {
    return () => BigInt(integer());
  }
  switch (datatype) {
    case 'BOOL':
      return () => Number(random() < 0.5);
    case 'BYTES':
      return () => `w${integer()}`;
    default:
      return integer;
  }
}

/** Normally distributed (Box and Muller's transform), in sixteenths: exact in every float and short in JSON. */
function normal(random: () => number): number {
  const value = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.round(value * 16) / 16;
}

/** A small generator of uniform numbers in [0, 1): Mulberry32, by Tommy Ettinger, in the public domain. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
