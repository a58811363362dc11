import type { Manifest } from '../../contract/manifest.ts';
import { takesBatches } from '../../contract/signature.ts';
import { now } from '../clock.ts';
import { RequestError } from '../errors.ts';
import type { Model } from '../open-model.ts';
import { bisect } from './bisect.ts';
import type { Score } from './define.ts';
import { failed, type Outcome } from './outcome.ts';
import { createPace } from './pace.ts';
import { validate } from './validate.ts';

export interface ScoreOptions {
  /** Milliseconds until the platform ends the invocation. Default: there is no end. */
  remainingMs?: () => number;
  /** Whether errors say which record it was, by its place among `records`. Default: true. */
  named?: boolean;
}

export type ScoreRecords = (records: readonly unknown[], options?: ScoreOptions) => Promise<Outcome[]>;

/**
 * Scores records in as few runs as the model allows: many at once where the first dimension of every input is
 * dynamic, else one by one. Outcomes come in the order of the records; see `Score` for how one fails alone. Records
 * that the time does not suffice for fail with status 503.
 */
export function recordScorer(model: Model<Manifest>, score: Score): ScoreRecords {
  const maxBatch = takesBatches(model.signature) ? model.manifest.events.maxBatch : 1;
  const pace = createPace();

  async function run(rows: unknown[]): Promise<Outcome[]> {
    const tensors = await score.encode(rows);
    const inputs = Object.entries(tensors).map(([name, tensor]) => ({ name, ...tensor }));
    const { outputs } = model.infer({ inputs });
    const results = await score.decode(Object.fromEntries(outputs.map(o => [o.name, o])), rows);
    if (results.length !== rows.length) {
      throw new Error(`decode gave ${results.length} results for ${rows.length} records`);
    }
    return results.map(result =>
      result instanceof RequestError ? failed(result) : { ok: true as const, result },
    );
  }

  return async (records, { remainingMs, named = true } = {}) => {
    const reserveMs = remainingMs === undefined ? 0 : pace.reserveMs(remainingMs());
    const outcomes = await validateAll(score, records);
    const good = [...outcomes.keys()].filter(index => outcomes[index]!.ok);
    for (let start = 0; start < good.length; ) {
      if (start > 0) {
        // Others' requests are read between two runs: an engine computes on the event loop's thread.
        await new Promise(setImmediate);
      }
      const size = pace.fit(
        maxBatch,
        remainingMs === undefined ? Number.POSITIVE_INFINITY : remainingMs() - reserveMs,
      );
      const chunk = good.slice(start, start + (size || good.length));
      const began = now();
      const rows = chunk.map(index => (outcomes[index] as { result: unknown }).result);
      const scored = size === 0 ? rows.map(outOfTime) : await bisect(rows, run);
      if (size > 0) {
        pace.observe(chunk.length, now() - began);
      }
      for (const [position, index] of chunk.entries()) {
        outcomes[index] = scored[position]!;
      }
      start += chunk.length;
    }
    return named ? nameRecords(blame(outcomes)) : blame(outcomes);
  };
}

async function validateAll(score: Score, records: readonly unknown[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const record of records) {
    const outcome = validate(score, record);
    // Most schemas are synchronous; ten thousand turns of the event loop are not free.
    outcomes.push(outcome instanceof Promise ? await outcome : outcome);
  }
  return outcomes;
}

function outOfTime(): Outcome {
  return failed(new RequestError(503, 'DEADLINE', 'not scored: the time of this invocation did not suffice'));
}

/**
 * An error of unknown kind is the record's own where others went through beside it; where none did, it is rather the
 * function that is broken, or what it depends on, and the records may come again.
 */
function blame(outcomes: Outcome[]): Outcome[] {
  const someWentThrough = outcomes.some(outcome => outcome.ok);
  return outcomes.map(outcome =>
    outcome.ok || outcome.error instanceof RequestError ? outcome : { ...outcome, final: someWentThrough },
  );
}

/** Says which record it was, where there are several. */
export function nameRecords(outcomes: Outcome[]): Outcome[] {
  return outcomes.map((outcome, index) => {
    if (outcome.ok || !(outcome.error instanceof RequestError)) {
      return outcome;
    }
    const { status, code, message, place } = outcome.error;
    const name = code === 'RECORD' || outcomes.length > 1 ? `record ${index}` : '';
    return {
      ...outcome,
      error: new RequestError(status, code, joined(name, message), joined(name, place)),
    };
  });
}

function joined(...parts: string[]): string {
  return parts.filter(part => part !== '').join(': ');
}
