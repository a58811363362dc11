import type { Prediction } from './prediction.ts';
import type { Label } from './read-labels.ts';

/** A prediction and its true label. */
export interface Scored {
  prediction: Prediction;
  label: Label;
  timeMs: number | undefined;
}

/** Computes a figure of some records; `undefined` if it does not apply to them. */
export type Metric = (records: readonly Scored[]) => number | undefined;

/** Every figure, by its name in reports. */
export const metrics = {
  accuracy: records => meanOf(records, ({ prediction, label }) => number(isRight(prediction, label))),
  areaUnderCurve,
  calibrationError,
  brierScore: records => meanOf(records, ({ prediction, label }) => brier(prediction, label)),
  logLoss: records => meanOf(records, ({ prediction, label }) => logLoss(prediction, label)),
  meanAbsoluteError: records => meanOf(records, ({ prediction, label }) => absoluteError(prediction, label)),
  rootMeanSquareError: records => {
    const square = meanOf(records, ({ prediction, label }) => {
      const error = absoluteError(prediction, label);
      return error === undefined ? undefined : error ** 2;
    });
    return square === undefined ? undefined : Math.sqrt(square);
  },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;

/** How wrong a prediction is: log loss, absolute error, or right and wrong, depending on its kind. */
export function lossOf({ prediction, label }: Scored): number {
  return (
    logLoss(prediction, label) ?? absoluteError(prediction, label) ?? 1 - number(isRight(prediction, label))!
  );
}

/** Based on the predicted chance of the true class, at least 1e-15, as in scikit-learn. */
function logLoss(prediction: Prediction, label: Label): number | undefined {
  return prediction.kind === 'chances'
    ? -Math.log(Math.max(1e-15, prediction.chances[String(label)] ?? 0))
    : undefined;
}

/** For two classes, the squared error of one; for more, the sum over classes. */
function brier(prediction: Prediction, label: Label): number | undefined {
  if (prediction.kind !== 'chances') {
    return undefined;
  }
  const entries = Object.entries(prediction.chances);
  const total = entries.reduce(
    (sum, [name, chance]) => sum + (chance - Number(name === String(label))) ** 2,
    0,
  );
  return entries.length === 2 ? total / 2 : total;
}

function isRight(prediction: Prediction, label: Label): boolean | undefined {
  switch (prediction.kind) {
    case 'chances':
      return likeliest(prediction.chances)[0] === String(label);
    case 'class':
      return prediction.predicted === String(label);
    default:
      return undefined;
  }
}

function absoluteError(prediction: Prediction, label: Label): number | undefined {
  return prediction.kind === 'number' && typeof label === 'number'
    ? Math.abs(prediction.value - label)
    : undefined;
}

/** The chance that a record of the second class has a higher score than one of the first; only for two classes. */
function areaUnderCurve(records: readonly Scored[]): number | undefined {
  const first = records[0]?.prediction;
  const names = first?.kind === 'chances' ? Object.keys(first.chances).sort() : [];
  if (names.length !== 2) {
    return undefined;
  }
  const scores = records.flatMap(({ prediction, label }) =>
    prediction.kind === 'chances'
      ? [{ score: prediction.chances[names[1]!] ?? 0, isPositive: String(label) === names[1] }]
      : [],
  );
  scores.sort((a, b) => a.score - b.score);
  const positives = scores.filter(({ isPositive }) => isPositive).length;
  const negatives = scores.length - positives;
  if (positives === 0 || negatives === 0) {
    return undefined;
  }
  let ranks = 0;
  for (let from = 0; from < scores.length; ) {
    let to = from;
    while (to < scores.length && scores[to]!.score === scores[from]!.score) {
      to += 1;
    }
    // Equal scores share their average rank.
    ranks += scores.slice(from, to).filter(({ isPositive }) => isPositive).length * ((from + 1 + to) / 2);
    from = to;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** A bin of rows in a range of predicted chances; all ranges are equally wide. */
export interface CalibrationBin {
  predicted: number;
  observed: number;
  rows: number;
}

const calibrationBins = 10;

export function binCalibration(records: readonly Scored[]): CalibrationBin[] {
  const bins = Array.from({ length: calibrationBins }, () => ({ predicted: 0, observed: 0, rows: 0 }));
  for (const { prediction, label } of records) {
    if (prediction.kind === 'chances') {
      const [name, chance] = likeliest(prediction.chances);
      const bin = bins[Math.min(calibrationBins - 1, Math.floor(chance * calibrationBins))]!;
      bin.predicted += chance;
      bin.observed += Number(name === String(label));
      bin.rows += 1;
    }
  }
  return bins
    .filter(({ rows }) => rows > 0)
    .map(({ predicted, observed, rows }) => ({
      predicted: predicted / rows,
      observed: observed / rows,
      rows,
    }));
}

/** The expected calibration error: the distance of observed shares from predicted chances, weighted by rows. */
function calibrationError(records: readonly Scored[]): number | undefined {
  const bins = binCalibration(records);
  const rows = bins.reduce((total, bin) => total + bin.rows, 0);
  return rows === 0
    ? undefined
    : bins.reduce((sum, bin) => sum + (bin.rows / rows) * Math.abs(bin.predicted - bin.observed), 0);
}

function likeliest(chances: Record<string, number>): [name: string, chance: number] {
  return Object.entries(chances).reduce((best, entry) => (entry[1] > best[1] ? entry : best));
}

function meanOf(
  records: readonly Scored[],
  value: (record: Scored) => number | undefined,
): number | undefined {
  let total = 0;
  let count = 0;
  for (const record of records) {
    const one = value(record);
    if (one !== undefined) {
      total += one;
      count += 1;
    }
  }
  return count === 0 ? undefined : total / count;
}

function number(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
