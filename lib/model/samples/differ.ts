import { basename } from 'node:path';
import { counted, groupDigits } from '../../counted.ts';
import { ColdpressError } from '../../errors.ts';
import { describeDifference } from '../press/compare.ts';
import type { Agreement, RowDifference } from './agreement.ts';
import type { Samples } from './types.ts';

/** Returns the likely cause of a difference, as a sentence or two. */
export type CauseOf = (samples: Samples, agreement: Agreement) => string;

/** Makes the error for differing samples: row count, worst row, whether labels agree, likely cause, what to paste. */
export function samplesDiffer(
  { rows, differing, mislabelled, neededAbsolute }: Agreement,
  { row, element: _, ...difference }: RowDifference,
  { path, cause }: { path: string; cause: string },
): ColdpressError {
  const by = Number.isFinite(difference.distance) ? `, off by ${short(difference.distance)}` : '';
  const message = `${path}: ${count(differing, rows)}; row ${row + 1}: ${describeDifference(difference)}${by}`;
  return new ColdpressError('SAMPLES_DIFFER', message, {
    hint: [labels(mislabelled, rows), cause, remedy(neededAbsolute, mislabelled, path)]
      .filter(sentence => sentence !== '')
      .join(' '),
  });
}

function count(differing: number, rows: number): string {
  return `${groupDigits(differing)} of ${counted(rows, 'row')} ${differing === 1 ? 'differs' : 'differ'}`;
}

function labels(mislabelled: number | null, rows: number): string {
  if (mislabelled === null) {
    return '';
  }
  return mislabelled === 0
    ? `The labels of ${rows === 1 ? 'the row' : `all ${counted(rows, 'row')}`} agree.`
    : `Labels differ in ${counted(mislabelled, 'row')}.`;
}

function remedy(absolute: number, mislabelled: number | null, path: string): string {
  if (!Number.isFinite(absolute) || (mislabelled ?? 0) > 0) {
    return 'Labels and text must be equal: check that the samples come from this model.';
  }
  if (absolute > acceptable) {
    return '';
  }
  return `To accept the difference: samples: { path: './${basename(path)}', tolerance: { absolute: ${roundedUp(absolute)} } }`;
}

/** A tolerance above this share of the largest value would hide mistakes. */
const acceptable = 0.1;

/** Rounds up to one significant digit. */
function roundedUp(value: number): string {
  const unit = 10 ** Math.floor(Math.log10(value));
  return String(Number((Math.ceil(value / unit + 1e-9) * unit).toPrecision(1)));
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}
