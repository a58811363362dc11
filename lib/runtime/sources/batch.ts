import { classify, type Outcome } from '../score/outcome.ts';
import type { Source } from './source.ts';
import { toldError } from './to-entries.ts';

export interface BatchEvent {
  coldpress: 'batch';
  records: unknown[];
}

/** What a job over many records asks of its function: an answer for each, whatever became of the others. */
export const batch: Source<BatchEvent> = {
  name: 'batch',
  matches: event => event.coldpress === 'batch' && Array.isArray(event.records),
  async handle({ records }, fn, { tally, remainingMs }) {
    const outcomes = await fn.scoreRecords(records, { remainingMs });
    tally.records += records.length;
    tally.failures += outcomes.filter(outcome => !outcome.ok).length;
    return outcomes.map((outcome, index) => answer(outcome, records[index]));
  },
};

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
