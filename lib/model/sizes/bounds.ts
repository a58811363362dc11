import type { SizeBound, SizeBounds, SizeOfInput, SizeTerm } from '../../contract/manifest.ts';
import { evaluate, fitDimension, pairs } from './fit.ts';
import type { Run } from './read-profile.ts';

/** What a run at some sizes made. */
export interface SizedRun {
  sizes: readonly number[];
  run: Run;
}

/** Sizes at which bounds are compared: what is nowhere the greatest is not kept. */
const [few, many, most] = [1, 100, 10_000];

/**
 * Bounds of what the nodes of a model make, from what they made in some runs: those that are the greatest somewhere.
 * @param of - what the sizes of the runs are sizes of; the first run's are those that the others differ from
 * @param texts - of inputs of strings, which StringSplit makes its columns of
 * @returns `undefined` where nothing grows
 */
export function boundSizes(
  runs: readonly SizedRun[],
  of: readonly SizeOfInput[][],
  texts: readonly SizeOfInput[],
): SizeBounds | undefined {
  const [first] = runs;
  const text = of.length;
  const bounds = [...(first?.run ?? [])].flatMap(([key, { operator, dims }]): SizeBound[] => {
    const own = dims.map((_, axis) =>
      fitDimension(
        first!.sizes,
        runs.flatMap(({ sizes, run }) => {
          const made = run.get(key)?.dims[axis];
          return made === undefined ? [] : { sizes, made };
        }),
      ),
    );
    if (operator === 'StringSplit' && key.includes(' 0 ') && texts.length > 0) {
      own[own.length - 2] = [[1], [1, text]];
    }
    const growing = own.filter(terms => terms.some(term => term.length > 1));
    const constant = own
      .filter(terms => !growing.includes(terms))
      .reduce((product, terms) => product * evaluate(terms, []), 1);
    return growing.length === 0
      ? []
      : [{ operator, dims: constant === 1 ? growing : [[[constant]], ...growing] }];
  });
  const sizes = texts.length > 0 ? [...of, [...texts]] : [...of];
  const kept = greatest(bounds, sizes.length);
  return kept.length === 0 ? undefined : { sizes, bounds: kept };
}

function greatest(bounds: readonly SizeBound[], count: number): SizeBound[] {
  const one = Array<number>(count).fill(few);
  const points = [
    one,
    one.map(() => many),
    ...one.flatMap((_, i) => [one.with(i, many), one.with(i, most)]),
    ...pairs(count).map(([i, j]) => one.with(i, most).with(j, most)),
  ];
  const made = ({ dims }: SizeBound, sizes: readonly number[]) =>
    dims.reduce((product, terms: SizeTerm[]) => product * evaluate(terms, sizes), 1);
  const kept = points.flatMap(sizes => {
    const all = bounds.map(bound => made(bound, sizes));
    const at = all.indexOf(Math.max(...all));
    return bounds[at] ?? [];
  });
  return [...new Set(kept)];
}
