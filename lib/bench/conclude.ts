import { summariseCost } from './cost.ts';
import type { BenchData, BenchResult } from './result.ts';
import type { Variant } from './sample.ts';
import { summarise } from './summary.ts';
import { findWarnings } from './warnings.ts';

/** What the measurements come to. It depends on nothing else: the same data give the same result. */
export function conclude(data: BenchData): BenchResult {
  const { variants, options } = data;
  const summaries = variants.map(variant => summarise(variant, referenceOf(variant, variants), options.seed));
  const costs = variants.flatMap(
    (variant, index) => summariseCost(variant, summaries[index]!, options.requestsPerMonth) ?? [],
  );
  return { ...data, summaries, costs, warnings: findWarnings(data) };
}

/**
 * What a variant is compared with: `naive` of its memory size where there is one, else the first artifact of that size;
 * that one itself, with the first of all.
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
