import { basename } from 'node:path';
import { ColdpressError } from '../../errors.ts';
import { describeDifference } from '../press/compare.ts';
import type { Agreement, RowDifference } from './agreement.ts';
import type { NearThreshold } from './near-threshold.ts';

/** Makes the error for differing samples: row count, worst row, whether labels agree, likely cause, what to paste. */
export function samplesDiffer(
  { rows, differing, mislabelled, neededAbsolute }: Agreement,
  { row, element: _, ...difference }: RowDifference,
  { path, near }: { path: string; near: NearThreshold | undefined },
): ColdpressError {
  const by = Number.isFinite(difference.distance) ? `, off by ${short(difference.distance)}` : '';
  const message = `${path}: ${count(differing, rows)}; row ${row + 1}: ${describeDifference(difference)}${by}`;
  return new ColdpressError('SAMPLES_DIFFER', message, {
    hint: [labels(mislabelled, rows), cause(near, row), remedy(neededAbsolute, mislabelled, path)]
      .filter(sentence => sentence !== '')
      .join(' '),
  });
}

function count(differing: number, rows: number): string {
  return `${differing} of ${rows} rows ${differing === 1 ? 'differs' : 'differ'}`;
}

function labels(mislabelled: number | null, rows: number): string {
  if (mislabelled === null) {
    return '';
  }
  return mislabelled === 0
    ? `The labels of all ${rows} rows agree.`
    : `Labels differ in ${mislabelled} rows.`;
}

function cause(near: NearThreshold | undefined, row: number): string {
  return near === undefined
    ? 'The export computes otherwise than the framework that made the samples.'
    : `Row ${row + 1} has ${near.value} in column "${near.column}", which in float32 equals a threshold of a tree: ` +
        'the framework compared in float64. Train on float32 values (X.astype("float32")), and export again.';
}

function remedy(absolute: number, mislabelled: number | null, path: string): string {
  if (!Number.isFinite(absolute) || (mislabelled ?? 0) > 0) {
    return 'Labels and text must be equal: check that the samples come from this model, or export it again.';
  }
  return `To accept the difference: samples: { path: './${basename(path)}', tolerance: { absolute: ${roundedUp(absolute)} } }`;
}

/** Rounds up to one significant digit. */
function roundedUp(value: number): string {
  const unit = 10 ** Math.floor(Math.log10(value));
  return String(Number((Math.ceil(value / unit + 1e-9) * unit).toPrecision(1)));
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}
