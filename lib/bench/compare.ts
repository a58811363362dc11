import { median } from 'simple-statistics';
import { artifactsOf, checkComparable, findDifferences, isSameCpu } from './comparable.ts';
import { type PhaseName, phases } from './phases.ts';
import type { BenchData } from './result.ts';
import type { Variant } from './sample.ts';
import { type Estimate, estimateDifference, estimateRatio } from './statistics/estimate.ts';
import { totalsOf } from './summary.ts';
import type { Warning } from './warning.ts';

/** A comparison of a run with an earlier one. */
export interface Comparison {
  /** The share by which a variant may be slower; `null` for no limit. */
  failAbove: number | null;
  /** The baseline that ran both times. Both runs are expressed relative to it, so that two machines can be compared. */
  by: string | null;
  changes: Change[];
  warnings: Warning[];
}

export interface Change {
  name: string;
  /** 1.1: a tenth slower than in the earlier run. */
  cold: Estimate;
  /** `null` if one of the runs has no warm requests, or they ran on different CPUs. */
  warm: Estimate | null;
  /** How much each phase added, in milliseconds on this run's machine; largest first. */
  phases: { phase: PhaseName; addedMs: Estimate }[];
  /** `slower`: above the limit, with certainty. `unclear`: above the limit, but possibly by chance. */
  verdict: 'slower' | 'unclear' | 'fine';
}

/** @throws ColdpressError `BENCH_NOT_COMPARABLE` */
export function compare(now: BenchData, base: BenchData, failAbove: number | null): Comparison {
  checkComparable({ disk: now.disk, names: artifactsOf(now).map(({ name }) => name) }, base);
  const by = sharedBaseline(now, base);
  const sameCpu = isSameCpu(now, base);
  const changes = now.variants.flatMap(variant => {
    const before = base.variants.find(({ name }) => name === variant.name);
    return before === undefined || variant.kind !== 'artifact'
      ? []
      : compareVariant({ variant, before, by, sameCpu, failAbove, seed: now.options.seed });
  });
  const slow = changes.find(({ verdict }) => verdict === 'unclear');
  return {
    failAbove,
    by: by?.now.name ?? null,
    changes,
    warnings: [
      ...findDifferences(now, base).filter(({ code }) => code !== 'other-machine' || by === undefined),
      ...(slow === undefined ? [] : [unclear(slow.name)]),
    ],
  };
}

interface Baseline {
  now: Variant;
  base: Variant;
}

interface Pair {
  variant: Variant;
  before: Variant;
  by: Baseline | undefined;
  sameCpu: boolean;
  failAbove: number | null;
  seed: number;
}

function compareVariant({ variant, before, by, sameCpu, failAbove, seed }: Pair): Change {
  const cold = estimateRatio(measuredBy(variant, by?.now), measuredBy(before, by?.base), seed);
  const [warmNow, warmBefore] = [warmOf(variant), warmOf(before)];
  const comparable = sameCpu && warmNow.length > 0 && warmBefore.length > 0;
  const warm = comparable ? estimateRatio(warmNow, warmBefore, seed) : null;
  const verdicts = [cold, ...(warm === null ? [] : [warm])].map(change => judge(change, failAbove));
  // Scales the earlier times of a phase to the machine of this run.
  const speed = by === undefined ? 1 : median(totalsOf(by.now)) / median(totalsOf(by.base));
  const added = phases.map(({ name }) => ({
    phase: name,
    addedMs: estimateDifference(
      variant.samples.map(sample => sample.phases[name] ?? 0),
      before.samples.map(sample => (sample.phases[name] ?? 0) * speed),
      seed,
    ),
  }));
  return {
    name: variant.name,
    cold,
    warm,
    phases: added.sort((a, b) => b.addedMs.value - a.addedMs.value),
    verdict: verdicts.find(verdict => verdict === 'slower') ?? verdicts.find(v => v === 'unclear') ?? 'fine',
  };
}

function judge({ value, interval }: Estimate, failAbove: number | null): Change['verdict'] {
  if (failAbove === null || value - 1 <= failAbove) {
    return 'fine';
  }
  return interval !== null && interval.low > 1 ? 'slower' : 'unclear';
}

/** One value per process: requests to one process are correlated, so counting each would overstate the certainty. */
function warmOf({ samples }: Variant): number[] {
  return samples.flatMap(({ warmMs }) => (warmMs.length === 0 ? [] : median(warmMs)));
}

/** Cold starts in milliseconds, or as multiples of the baseline in the same round. */
function measuredBy(variant: Variant, baseline: Variant | undefined): number[] {
  const totals = totalsOf(variant);
  return baseline === undefined ? totals : totals.map((ms, i) => ms / baseline.samples[i]!.totalMs);
}

/** Prefers `naive` to `hello`: it does the same kind of work, so a different machine affects both alike. */
function sharedBaseline(now: BenchData, base: BenchData): Baseline | undefined {
  const find = ({ variants }: BenchData, wanted: string) => variants.find(({ kind }) => kind === wanted);
  const pairs = ['naive', 'hello'].map(kind => ({ now: find(now, kind), base: find(base, kind) }));
  return pairs.find((pair): pair is Baseline => pair.now !== undefined && pair.base !== undefined);
}

function unclear(variant: string): Warning {
  return {
    code: 'unclear',
    variant,
    message: 'slower than the limit allows, but it may be chance',
    hint: 'take more samples with --samples, in both runs',
  };
}
