import { RequestError } from '../errors.ts';
import type { Outcome } from '../score/outcome.ts';
import type { ScoreOptions, ScoreRecords } from '../score/score-records.ts';
import { gather } from './gather.ts';
import type { BatchLimits } from './limits.ts';

interface Request {
  records: readonly unknown[];
  remainingMs: ScoreOptions['remainingMs'];
}

/** Scores the records of requests that arrive together as one batch. Each record fails alone, as ever. */
export function shareScoring(score: ScoreRecords, limits: BatchLimits): ScoreRecords {
  const add = gather<Request, Outcome[]>(async requests => {
    const records = requests.flatMap(request => request.records);
    const outcomes = await score(records, { named: false, remainingMs: () => longest(requests) });
    let start = 0;
    return requests.map(request => {
      const end = start + request.records.length;
      const own = outcomes.slice(start, end);
      start = end;
      return own;
    });
  }, limits);
  return async (records, { remainingMs, named = true } = {}) => {
    const outcomes = await add({ value: { records, remainingMs }, rows: records.length, key: '' });
    return named ? nameRecords(outcomes) : outcomes;
  };
}

/** One that is nearly out of time must not cost the others theirs. */
function longest(requests: Request[]): number {
  return Math.max(...requests.map(({ remainingMs }) => remainingMs?.() ?? Number.POSITIVE_INFINITY));
}

/** Says which record it was: by its place in the request, not in the batch. */
function nameRecords(outcomes: Outcome[]): Outcome[] {
  return outcomes.map((outcome, index) => {
    if (outcome.ok || !(outcome.error instanceof RequestError)) {
      return outcome;
    }
    const { status, code, message } = outcome.error;
    const name = code === 'RECORD' || outcomes.length > 1 ? `record ${index}: ` : '';
    return { ...outcome, error: new RequestError(status, code, name + message) };
  });
}
