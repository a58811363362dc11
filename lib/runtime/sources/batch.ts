import { toJsonCell } from '../../contract/cells.ts';
import { type Columns, columnTypes } from '../../contract/columns.ts';
import { isObject } from '../../contract/is-object.ts';
import { classify, type Outcome } from '../score/outcome.ts';
import type { Source } from './source.ts';
import { toldError } from './to-entries.ts';

export interface BatchEvent {
  coldpress: 'batch';
  /** `csv`: what is text in a record is a cell, which another program has read of a file. Default: values of JSON */
  format?: 'csv';
  records: unknown[];
}

/** What a job over many records asks of its function: an answer for each, whatever became of the others. */
export const batch: Source<BatchEvent> = {
  name: 'batch',
  matches: event => event.coldpress === 'batch' && Array.isArray(event.records),
  async handle({ records, format }, fn, { tally, remainingMs }) {
    const read = format === 'csv' ? readCells(records, fn.model.manifest) : records;
    const outcomes = await fn.scoreRecords(read, { remainingMs });
    tally.records += records.length;
    tally.failures += outcomes.filter(outcome => !outcome.ok).length;
    return outcomes.map((outcome, index) => answer(outcome, records[index]));
  },
};

function readCells(records: unknown[], model: Columns): unknown[] {
  const typeOf = columnTypes(model);
  const read = ([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' ? toJsonCell(value, typeOf(name)) : value,
  ];
  return records.map(record =>
    isObject(record) ? Object.fromEntries(Object.entries(record).map(read)) : record,
  );
}

/** @throws the error of a record that was not reached in time, so that the job brings the batch again */
function answer(outcome: Outcome, record: unknown): object {
  if (outcome.ok) {
    return { result: outcome.result };
  }
  if (classify(outcome.error) === 'transient') {
    throw outcome.error;
  }
  return { error: toldError(outcome.error), record };
}
