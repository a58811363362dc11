import { median, quantile } from 'simple-statistics';
import type { BenchData } from './result.ts';
import { estimateMedian } from './statistics/estimate.ts';
import { findOutliers } from './statistics/outliers.ts';
import { totalsOf } from './summary.ts';
import type { Warning } from './warning.ts';

/** Limits beyond which a run gets a warning, as shares of one. */
const limits = {
  /** Half of the interval, relative to the median. */
  halfInterval: 0.05,
  /** Change of the machine's own speed between the first and the last third of a run. */
  speedChange: 0.1,
  /** Share of the run's time in which some program waited for a CPU, or the hypervisor took it. */
  cpuWait: 0.25,
  cpuStolen: 0.02,
  /** How much slower the first measured samples are than the rest. */
  firstSlower: 0.1,
} as const;

/** With fewer samples, the bootstrap interval is narrower than it should be. */
const leastSamples = 10;
/** A 99th percentile requires at least 100 values. */
const leastForP99 = 100;

type Check = (data: BenchData) => Warning[];

const checks: readonly Check[] = [
  tooFew,
  noisy,
  outliers,
  firstSlower,
  fewWarm,
  speedChanged,
  busy,
  packedByOther,
];

export function findWarnings(data: BenchData): Warning[] {
  return [...data.notes, ...checks.flatMap(check => check(data))];
}

function tooFew({ options }: BenchData): Warning[] {
  const hint = `take more samples: --samples ${leastSamples} or more`;
  if (options.samples === 1) {
    return [{ code: 'single-sample', message: 'one sample gives no confidence interval', hint }];
  }
  return options.samples >= leastSamples
    ? []
    : [
        {
          code: 'few-samples',
          message: `intervals of ${options.samples} samples are too narrow`,
          hint,
        },
      ];
}

function noisy({ variants, options }: BenchData): Warning[] {
  return variants.flatMap(variant => {
    const { value, interval } = estimateMedian(totalsOf(variant), options.seed);
    const half = interval === null ? 0 : (interval.high - interval.low) / 2 / value;
    if (half <= limits.halfInterval) {
      return [];
    }
    // An interval narrows with the square root of the number of samples.
    const needed = Math.max(leastSamples, Math.ceil(options.samples * (half / limits.halfInterval) ** 2));
    return {
      code: 'noisy',
      variant: variant.name,
      message: `the median is uncertain by ±${percent(half)}`,
      hint: `stop other programs, or take more samples: --samples ${needed}`,
    };
  });
}

function outliers({ variants }: BenchData): Warning[] {
  return variants.flatMap(variant => {
    const found = findOutliers(totalsOf(variant)).length;
    return found === 0
      ? []
      : {
          code: 'outliers',
          variant: variant.name,
          message: `${found} of ${variant.samples.length} samples ${found === 1 ? 'is an outlier; it was' : 'are outliers; they were'} kept`,
          hint: 'other programs may have run: stop them, or take more samples with --samples',
        };
  });
}

function firstSlower({ variants, options }: BenchData): Warning[] {
  return variants.flatMap(variant => {
    const totals = totalsOf(variant);
    const head = Math.floor(totals.length / 5);
    if (head < 2) {
      return [];
    }
    const [first, rest] = [median(totals.slice(0, head)), totals.slice(head)];
    const slower = first / median(rest) - 1;
    // Within the slowest quarter of the rest, it may be chance.
    return slower <= limits.firstSlower || first <= quantile(rest, 0.75)
      ? []
      : {
          code: 'first-slower',
          variant: variant.name,
          message: `the first ${head} samples were slower than the rest by ${percent(slower)}`,
          hint: `discard more rounds with --discard ${Math.max(5, options.discard * 2)}`,
        };
  });
}

function fewWarm({ variants, options }: BenchData): Warning[] {
  const counted = variants[0]?.samples.flatMap(sample => sample.warmMs).length ?? 0;
  return options.warm === 0 || counted >= leastForP99
    ? []
    : [
        {
          code: 'few-warm',
          message: `p99 of ${counted} warm requests is the slowest of them`,
          hint: `send more requests with --warm ${Math.ceil(leastForP99 / options.samples)}`,
        },
      ];
}

function speedChanged({ machine }: BenchData): Warning[] {
  const { spinMs } = machine;
  const third = Math.floor(spinMs.length / 3);
  const change = third < 2 ? 0 : median(spinMs.slice(-third)) / median(spinMs.slice(0, third)) - 1;
  return Math.abs(change) <= limits.speedChange
    ? []
    : [
        {
          code: 'cpu-changed',
          message: `the CPU became ${percent(Math.abs(change))} ${change > 0 ? 'slower' : 'faster'} during the run`,
          hint: 'compare the ratios; for times, let the machine cool or fix its clock rate, and raise --discard',
        },
      ];
}

function busy({ machine }: BenchData): Warning[] {
  const { waited, stolen } = machine.pressure;
  const hint = 'compare the ratios; for times, stop other programs or take more samples with --samples';
  return [
    ...(waited !== null && waited > limits.cpuWait
      ? [{ code: 'busy', message: `during ${percent(waited)} of the run, programs waited for a CPU`, hint }]
      : []),
    ...(stolen !== null && stolen > limits.cpuStolen
      ? [{ code: 'cpu-stolen', message: `the hypervisor used ${percent(stolen)} of the CPU`, hint }]
      : []),
  ];
}

function packedByOther({ variants, machine }: BenchData): Warning[] {
  return variants.flatMap(({ name, kind, versions: { coldpress } }) =>
    kind !== 'artifact' || coldpress === '' || coldpress === machine.coldpress
      ? []
      : {
          code: 'other-coldpress',
          variant: name,
          message: `it was packed by coldpress ${coldpress}, but measured by ${machine.coldpress}`,
          hint: 'pack it again, unless you compare versions of coldpress',
        },
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}
