import { summariseCost } from './cost.ts';
import type { BenchData, BenchResult } from './result.ts';
import type { Variant } from './sample.ts';
import { summarise } from './summary.ts';
import { findWarnings } from './warnings.ts';

/** Computes the result from the measurements alone: the same data give the same result. */
export function conclude(data: BenchData): BenchResult {
  const { variants, options } = data;
  const summaries = variants.map(variant => summarise(variant, referenceOf(variant, variants), options.seed));
  const costs = variants.flatMap(
    (variant, index) => summariseCost(variant, summaries[index]!, options.requestsPerMonth) ?? [],
  );
  return { ...data, summaries, costs, warnings: findWarnings(data) };
}

/**
 * The variant to compare with: `naive` of the same memory size if there is one, otherwise the first artifact of that
 * size. That artifact itself is compared with the first of all.
 */
function referenceOf(variant: Variant, variants: readonly Variant[]): Variant | undefined {
  const sameSize = variants.filter(({ memoryMb }) => memoryMb === variant.memoryMb);
  const artifacts = variants.filter(({ kind }) => kind === 'artifact');
  const peer =
    sameSize.find(({ kind }) => kind === 'naive') ?? artifacts.find(artifact => sameSize.includes(artifact));
  return variants.length < 2
    ? undefined
    : peer?.kind === 'artifact' && peer === variant
      ? artifacts[0]
      : peer;
}
