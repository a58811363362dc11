import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { countElements, type Dimensions, resize } from '../rows/resize.ts';
import { pairs } from './fit.ts';
import type { RunOnce } from './profile-runs.ts';

export interface Tried {
  /** Dimensions that have the same size, or that the model only accepts if they change together. */
  groups: Dimensions[];
  /** The answered runs in order, with the shapes of their outputs; the others vary the sizes of the first. */
  answered: { inputs: ProbeTensor[]; outputs: number[][] }[];
  /** Whether every run was answered. */
  isWhole: boolean;
}

/** Far enough apart to exceed rounding, and likely to be divisible by strides and windows. */
const triedSizes = [8, 16, 32];
/** Larger inputs would take too long; all runs together are limited by `enoughMs`. */
const mostElements = 2 ** 20;
const enoughMs = 5000;
/** With more groups, the sizes of two at once are not tried. */
const mostPaired = 6;

/** Runs the model at several sizes of each group of dimensions, and of each pair of groups. */
export async function trySizes(
  groups: readonly Dimensions[],
  base: readonly ProbeTensor[],
  run: RunOnce,
): Promise<Tried> {
  let spentMs = 0;
  let isWhole = true;
  const answered = new Map<string, Tried['answered'][number]>();
  /** Whether the model answers inputs with these sizes. */
  const attempt = async (changes: (readonly [Dimensions, number])[]): Promise<boolean> => {
    if (spentMs > enoughMs || countElements(base, changes) > mostElements) {
      return false;
    }
    const inputs = resize(base, changes);
    const key = JSON.stringify(inputs.map(({ dims }) => dims));
    if (!answered.has(key)) {
      const result = await run(inputs);
      if (result.kind !== 'answered') {
        isWhole = false;
        return false;
      }
      spentMs += result.ms;
      answered.set(key, { inputs, outputs: result.tensors.map(({ dims }) => dims) });
    }
    return true;
  };

  await attempt([]);
  const alone: Dimensions[] = [];
  const tied: Dimensions[] = [];
  for (const group of groups) {
    const [size] = sizesFrom(sizeIn(group, base));
    ((await attempt([[group, size!]])) ? alone : tied).push(group);
  }
  const found = tied.length > 1 ? [...alone, tied.flat()] : alone;
  const sizes = new Map(found.map(group => [group, sizesFrom(sizeIn(group, base))]));
  for (const [group, others] of sizes) {
    for (const size of others) {
      await attempt([[group, size]]);
    }
  }
  for (const chosen of found.length > mostPaired ? [] : pairs(found.length)) {
    // Uses sizes that were tried alone before.
    await attempt(chosen.map(index => [found[index]!, sizes.get(found[index]!)!.at(-1)!] as const));
  }
  return { groups: found, answered: [...answered.values()], isWhole };
}

/** Returns the size of a group of dimensions in a request. */
export function sizeIn(group: Dimensions, inputs: readonly ProbeTensor[]): number {
  return Math.max(...group.map(({ input, axis }) => inputs[input]!.dims[axis]!));
}

/** Returns multiples of a size that the model has answered. */
function sizesFrom(size: number): number[] {
  const multiples = triedSizes
    .map(tried => size * Math.ceil(tried / size))
    .filter(multiple => multiple > size);
  return multiples.length === triedSizes.length ? multiples : [2 * size, 3 * size];
}
