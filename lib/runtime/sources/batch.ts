import type { DriftCounts } from '../../contract/drift-counts.ts';
import { isObject } from '../../contract/is-object.ts';
import { loadOthers } from '../http/load-others.ts';
import { checkOutputs } from '../score/check-outputs.ts';
import { classify, type Outcome } from '../score/outcome.ts';
import { readEvent } from './read-event.ts';
import type { Source } from './source.ts';
import { describeError } from './to-entries.ts';

export interface BatchEvent {
  coldpress: 'batch';
  /** `csv`: text in a record is a cell that another program has read from a file. @default values are JSON */
  format?: 'csv';
  records?: unknown[];
  /** Replaces `records`: each with its number in the whole input, which its answer repeats. */
  items?: { row: number; record: unknown }[];
  /** Names of outputs to compute in addition to those of every answer: `['contributions']`. @default none */
  outputs?: string[];
  /** Whether an answer also contains its record; one that failed always does. @default false */
  echo?: boolean;
  /** Whether the answer is a `CountedBatch`, whose counts are then not in telemetry. @default false */
  counts?: boolean;
  /** Maximum share of the records that may fail before the batch does, in percent. @default 100 */
  toleratedFailurePercentage?: number;
}

/** The answers to a batch, with its counts. */
export interface CountedBatch {
  answers: object[];
  drift: DriftCounts[];
}

/** Serves jobs over many records: each record gets an answer, whatever happens to the others. */
export const batch: Source<BatchEvent> = {
  name: 'batch',
  matches: event =>
    event.coldpress === 'batch' && (Array.isArray(event.records) || Array.isArray(event.items)),
  async handle(
    { format, items, outputs = [], echo = false, counts = false, toleratedFailurePercentage = 100, ...event },
    fn,
    invocation,
  ) {
    const records = readEvent('batch', () => items?.map(({ record }) => record) ?? event.records ?? []);
    const { tally, remainingMs } = invocation;
    const { manifest } = fn.model;
    checkOutputs(outputs, manifest.signature.outputs);
    const read = format === 'csv' ? (await loadOthers()).readCells(records, manifest) : records;
    const outcomes = await fn.scoreRecords(read, { remainingMs, outputs });
    const failures = outcomes.filter(outcome => !outcome.ok).length;
    tally.records += records.length;
    tally.failures += failures;
    const answers = outcomes.map((outcome, index) => ({
      ...(items && { row: items[index]!.row }),
      ...idOf(records[index], manifest.events.id),
      ...answer(outcome),
      ...((echo || !outcome.ok) && { record: records[index] }),
    }));
    if (failures > (toleratedFailurePercentage / 100) * records.length) {
      throw tooManyFailed(
        failures,
        records.length,
        outcomes.find(outcome => !outcome.ok),
      );
    }
    return counts ? ({ answers, drift: fn.watch.take() } satisfies CountedBatch) : answers;
  },
};

/** Returns the identifier in the field that the config names. */
function idOf(record: unknown, field: string | null): { id?: unknown } {
  return field !== null && isObject(record) && record[field] !== undefined ? { id: record[field] } : {};
}

/** @throws the error of a record that was not reached in time, so that the job retries the batch */
function answer(outcome: Outcome): object {
  if (outcome.ok) {
    return { result: outcome.result };
  }
  if (classify(outcome.error) === 'transient') {
    throw outcome.error;
  }
  return { error: describeError(outcome.error) };
}

/** Has its own name, because a retry would end the same way. */
function tooManyFailed(failures: number, count: number, first: Outcome | undefined): Error {
  const code = first === undefined || first.ok ? '' : `; the first: ${describeError(first.error).code}`;
  const error = new Error(`${failures} of ${count} records failed, more than are tolerated${code}`);
  return Object.assign(error, { name: 'TooManyRecordsFailed' });
}
