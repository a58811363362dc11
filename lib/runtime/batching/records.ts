import type { Outcome } from '../score/outcome.ts';
import type { ScoreOptions, ScoreRecords } from '../score/score-records.ts';
import { gather, nextKey } from './gather.ts';
import type { BatchLimits } from './limits.ts';

interface Request {
  records: readonly unknown[];
  remainingMs: ScoreOptions['remainingMs'];
  outputs: readonly string[];
  limit: ScoreOptions['limit'];
}

/**
 * Scores the records of requests that arrive together as one batch if records are independent of each other and the
 * requests name the same outputs. Otherwise each request's records are scored separately. Records still fail one by
 * one.
 */
export function shareScoring(
  score: ScoreRecords,
  { independent }: { independent: boolean },
  limits: BatchLimits,
): ScoreRecords {
  const add = gather<Request, Outcome[]>(async requests => {
    const records = requests.flatMap(request => request.records);
    const outcomes = await score(records, {
      remainingMs: () => longest(requests),
      outputs: requests[0]!.outputs,
      // The joined answer may exceed the limit of one answer; each request then runs alone.
      limit: requests[0]!.limit,
    });
    let start = 0;
    return requests.map(request => {
      const end = start + request.records.length;
      const own = outcomes.slice(start, end);
      start = end;
      return own;
    });
  }, limits);
  return (records, { remainingMs, outputs = [], limit } = {}) =>
    add({
      value: { records, remainingMs, outputs, limit },
      rows: records.length,
      key: independent ? outputs.join() : nextKey(),
    });
}

/** A request that is nearly out of time must not cut the others short. */
function longest(requests: Request[]): number {
  return Math.max(...requests.map(({ remainingMs }) => remainingMs?.() ?? Number.POSITIVE_INFINITY));
}
