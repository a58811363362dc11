import type { Datatype, TensorSpec } from '../../manifest.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';

/** Names of tensor types as the engine spells them, and the arrays that hold them. */
const arrays = {
  BOOL: ['bool', Uint8Array],
  UINT8: ['uint8', Uint8Array],
  UINT16: ['uint16', Uint16Array],
  UINT32: ['uint32', Uint32Array],
  UINT64: ['uint64', BigUint64Array],
  INT8: ['int8', Int8Array],
  INT16: ['int16', Int16Array],
  INT32: ['int32', Int32Array],
  INT64: ['int64', BigInt64Array],
  FP16: ['float16', Float32Array],
  FP32: ['float32', Float32Array],
  FP64: ['float64', Float64Array],
} as const;

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
    const dims = (spec.shape ?? []).map(size =>
      typeof size === 'number' && size >= 0 ? size : recipe.openSize,
    );
    const size = dims.reduce((product, dim) => product * dim, 1);
    if (size > maxElements) {
      return undefined;
    }
    tensors.push({ name: spec.name, dims, ...fill(spec.datatype, size, recipe, random) });
  }
  return tensors;
}

function fill(
  datatype: Datatype,
  size: number,
  { integerBelow }: InputRecipe,
  random: () => number,
): Pick<ProbeTensor, 'type' | 'data'> {
  if (datatype === 'BYTES') {
    return {
      type: 'string',
      data: Array.from({ length: size }, () => `w${Math.floor(random() * integerBelow)}`),
    };
  }
  const [type, ArrayType] = arrays[datatype];
  const data = new ArrayType(size);
  const integer = () => Math.floor(random() * integerBelow);
  for (let i = 0; i < size; i++) {
    if (data instanceof Float32Array || data instanceof Float64Array) {
      data[i] = normal(random);
    } else if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
      data[i] = BigInt(integer());
    } else {
      data[i] = datatype === 'BOOL' ? Number(random() < 0.5) : integer();
    }
  }
  return { type, data };
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
