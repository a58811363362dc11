import { quantileSorted } from 'simple-statistics';
import { ColdpressError } from '../../errors.ts';
import { seededRandom } from '../../model/press/random-inputs.ts';
import type { AssessOptions } from '../assess.ts';
import type { LoggedResult } from '../logs/sum-entries.ts';
import { calibrate } from '../statistics/calibrate.ts';
import { fixedBins } from '../statistics/no-drift.ts';
import {
  binCalibration,
  type CalibrationBin,
  lossOf,
  type MetricName,
  metrics,
  type Scored,
} from './metrics.ts';
import { isBinary, readPrediction } from './prediction.ts';
import type { Label } from './read-labels.ts';

/** A figure with its 95 % interval. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

export type Figures = Partial<Record<MetricName, Interval>>;

/** How well the model predicts the true labels. */
export interface Performance {
  /** Records with a result and a label. */
  rows: number;
  /** Labels whose record has no result in the log, and results without a label. */
  unmatched: { labels: number; results: number };
  /** Whether the losses of the later half of the records differ from those of the earlier half. */
  drifted: boolean;
  /** Corrected for the number of looks. */
  correctedPValue: number;
  overall: Figures;
  days: { day: string; rows: number; figures: Figures }[];
  calibration: CalibrationBin[];
}

const lossBins = 10;

/**
 * Joins results and labels, and compares the losses of the later half of the records with those of the earlier half.
 * @throws ColdpressError LABELS_UNMATCHED
 */
export function measurePerformance(
  results: ReadonlyMap<string, LoggedResult>,
  labels: ReadonlyMap<string, Label>,
  { alpha, looks, seed }: Omit<AssessOptions, 'samples'>,
): Performance {
  const binary = isBinary(labels.values());
  const records = [...labels].flatMap(([id, label]): Scored[] => {
    const found = results.get(id);
    const prediction = found && readPrediction(found.result, { isBinary: binary });
    return prediction === undefined ? [] : [{ prediction, label, timeMs: found!.timeMs }];
  });
  if (records.length === 0) {
    throw new ColdpressError(
      'LABELS_UNMATCHED',
      `none of ${labels.size} labels belongs to one of ${results.size} results in the log`,
      {
        hint: 'Let the function log its results, with sinks: { results: { type: "log" } }, and use the same identifiers: events.id names the field.',
      },
    );
  }
  records.sort((a, b) => (a.timeMs ?? 0) - (b.timeMs ?? 0));
  const level = alpha / looks;
  const pValue = compareHalves(records, { level, seed });
  const byDay = Map.groupBy(records, ({ timeMs }) =>
    timeMs === undefined ? '' : new Date(timeMs).toISOString().slice(0, 10),
  );
  return {
    rows: records.length,
    unmatched: { labels: labels.size - records.length, results: results.size - records.length },
    drifted: pValue <= level,
    correctedPValue: Math.min(1, looks * pValue),
    overall: measure(records, seed),
    days: [...byDay].map(([day, ofDay]) => ({ day, rows: ofDay.length, figures: measure(ofDay, seed) })),
    calibration: binCalibration(records),
  };
}

/** Compares the halves in bins between quantiles. */
function compareHalves(records: Scored[], { level, seed }: { level: number; seed: number }): number {
  const losses = records.map(lossOf);
  const middle = Math.ceil(losses.length / 2);
  if (middle === losses.length) {
    return 1;
  }
  // Quantiles of both halves together, so that the bins do not depend on which loss is in which half.
  const sorted = losses.toSorted((a, b) => a - b);
  const edges = [
    ...new Set(
      Array.from({ length: lossBins - 1 }, (_, bin) => quantileSorted(sorted, (bin + 1) / lossBins)),
    ),
  ];
  const histogram = (values: number[]) => {
    const counts = new Array<number>(edges.length + 1).fill(0);
    for (const value of values) {
      const bin = edges.findIndex(edge => value <= edge);
      counts[bin < 0 ? edges.length : bin]! += 1;
    }
    return counts;
  };
  const halves = { reference: histogram(losses.slice(0, middle)), current: histogram(losses.slice(middle)) };
  return calibrate({
    ...halves,
    noDrift: fixedBins(halves),
    distances: {},
    level,
    random: seededRandom(seed),
  }).pValue;
}

/** Measures all figures, with percentile bootstrap intervals. */
function measure(records: readonly Scored[], seed: number): Figures {
  const resamples = Math.round(Math.min(500, Math.max(50, 1e6 / records.length)));
  const random = seededRandom(seed);
  const drawn = Array.from({ length: records.length < 2 ? 0 : resamples }, () =>
    records.map(() => records[Math.floor(random() * records.length)]!),
  );
  const figures: Figures = {};
  for (const name of Object.keys(metrics) as MetricName[]) {
    const value = metrics[name](records);
    if (value !== undefined) {
      const others = drawn.flatMap(sample => metrics[name](sample) ?? []).sort((a, b) => a - b);
      figures[name] = {
        value,
        low: others.length === 0 ? value : quantileSorted(others, 0.025),
        high: others.length === 0 ? value : quantileSorted(others, 0.975),
      };
    }
  }
  return figures;
}
