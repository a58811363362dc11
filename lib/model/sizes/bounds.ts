import type { SizeBound, SizeBounds, SizeOfInput, SizeTerm } from '../../contract/manifest.ts';
import { evaluate, fitDimension, pairs } from './fit.ts';
import type { Run } from './read-profile.ts';

/** The values that nodes made in a run with the given sizes. */
export interface SizedRun {
  sizes: readonly number[];
  run: Run;
}

/** Sizes at which bounds are compared; a bound that is the greatest at none of them is dropped. */
const [few, many, most] = [1, 100, 10_000];

/**
 * Returns bounds on the sizes of the values that a model's nodes make, learnt from some runs. Only bounds that are the
 * greatest for some sizes are kept.
 * @param of - the dimensions that the sizes of the runs belong to; other runs vary the sizes of the first
 * @param texts - string inputs, whose lengths determine the columns of StringSplit
 * @returns `undefined` if nothing grows
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
