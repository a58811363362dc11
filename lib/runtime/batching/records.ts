import type { Outcome } from '../score/outcome.ts';
import { nameRecords, type ScoreOptions, type ScoreRecords } from '../score/score-records.ts';
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
    // By their places in the request, not in the batch.
    return named ? nameRecords(outcomes) : outcomes;
  };
}

/** One that is nearly out of time must not cost the others theirs. */
function longest(requests: Request[]): number {
  return Math.max(...requests.map(({ remainingMs }) => remainingMs?.() ?? Number.POSITIVE_INFINITY));
}
