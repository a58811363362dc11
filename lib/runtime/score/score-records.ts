import type { Manifest } from '../../contract/manifest.ts';
import { defaultOutputs } from '../../contract/signature.ts';
import type { AnswerLimit } from '../answer-limit.ts';
import { now } from '../clock.ts';
import { unwatched, type Watch } from '../counting/watch.ts';
import { RequestError } from '../errors.ts';
import type { Model } from '../open-model.ts';
import type { InferRequest } from '../tensor/types.ts';
import { bisect } from './bisect.ts';
import type { CheckedScore } from './checked-score.ts';
import type { Score } from './define.ts';
import { type ResultGauge, startResultGauge } from './gauge-results.ts';
import { failed, type Outcome } from './outcome.ts';
import { createPace } from './pace.ts';
import { validate } from './validate.ts';

export interface ScoreOptions {
  /** Returns the milliseconds until the platform ends the invocation. @default unlimited */
  remainingMs?: () => number;
  /** Names of outputs to compute in addition to those of every answer. @default none */
  outputs?: readonly string[];
  /** The limit of all results together, if the score returns the model's outputs complete. @default none */
  limit?: AnswerLimit | undefined;
}

export type ScoreRecords = (records: readonly unknown[], options?: ScoreOptions) => Promise<Outcome[]>;

/**
 * Scores records: many per run if they are proven independent of each other, otherwise one by one, so that each gets
 * the result that it gets alone. Outcomes are in the order of the records; see `Score` for how one can fail alone.
 * Records without enough time left fail with status 503.
 * @param score - `returnsOutputs` means that its results contain everything that the model computes
 * @param watch - runs the model, and counts the records (default: nothing is counted)
 * @returns a function that throws RequestError 413 if the results would exceed the limit
 */
export function recordScorer(
  model: Pick<Model<Manifest>, 'manifest' | 'infer'>,
  score: CheckedScore & { returnsOutputs?: true },
  watch: Pick<Watch, 'infer'> = unwatched(model),
): ScoreRecords {
  const { rows, events } = model.manifest;
  const maxBatch = rows.independent ? events.maxBatch : 1;
  const pace = createPace();

  async function run(
    rows: unknown[],
    { wanted, gauge }: { wanted: readonly string[]; gauge: ResultGauge | undefined },
  ): Promise<Outcome[]> {
    const tensors = await score.encode(rows);
    const inputs = Object.entries(tensors).map(([name, tensor]) => ({ name, ...tensor }));
    const request = { inputs, ...nameOutputs(model.manifest, wanted) };
    await gauge?.foresee(request);
    const { response, count } = infer(request);
    const { outputs } = response;
    await gauge?.see(outputs);
    const results = await score.decode(Object.fromEntries(outputs.map(o => [o.name, o])), rows);
    count();
    return results.map(result => (result instanceof Error ? failed(result) : { ok: true as const, result }));
  }

  function infer(request: InferRequest) {
    try {
      return watch.infer(request);
    } catch (error) {
      throw score.blame?.(error) ?? error;
    }
  }

  return async (records, { remainingMs, outputs = [], limit } = {}) => {
    const gauge = limit && score.returnsOutputs ? startResultGauge(limit, model.manifest) : undefined;
    const options = { wanted: outputs, gauge };
    const reserveMs = remainingMs === undefined ? 0 : pace.reserveMs(remainingMs());
    const outcomes = await validateAll(score, records);
    const valid = outcomes.flatMap((outcome, index) => (outcome.ok ? [{ index, row: outcome.result }] : []));
    for (let start = 0; start < valid.length; ) {
      if (start > 0) {
        // Yields to other requests between two runs, because an engine computes on the event loop's thread.
        await new Promise(setImmediate);
      }
      const size = pace.fit(
        maxBatch,
        remainingMs === undefined ? Number.POSITIVE_INFINITY : remainingMs() - reserveMs,
      );
      const chunk = valid.slice(start, start + (size || valid.length));
      const began = now();
      const rows = chunk.map(({ row }) => row);
      const scored =
        size === 0
          ? rows.map(outOfTime)
          : await bisect(rows, part => run(part, options), {
              isOfAll: error => error === gauge?.refusal(),
              onTogether: score.onTogether,
            });
      if (gauge?.refusal() !== undefined) {
        throw gauge.refusal();
      }
      if (size > 0) {
        pace.observe(chunk.length, now() - began);
      }
      for (const [position, { index }] of chunk.entries()) {
        outcomes[index] = scored[position]!;
      }
      start += chunk.length;
    }
    const othersSucceeded = outcomes.some(outcome => outcome.ok);
    return outcomes.map(outcome => (outcome.ok ? outcome : failed(outcome.error, { othersSucceeded })));
  };
}

/** Returns the `outputs` of an inference request: omitted, unless it wants more than those of every answer. */
function nameOutputs({ signature }: Pick<Manifest, 'signature'>, wanted: readonly string[]) {
  const names = new Set([...defaultOutputs(signature.outputs).map(({ name }) => name), ...wanted]);
  return wanted.length === 0 ? {} : { outputs: Array.from(names, name => ({ name })) };
}

async function validateAll(score: Score, records: readonly unknown[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const record of records) {
    const outcome = validate(score, record);
    // Most schemas are synchronous; ten thousand turns of the event loop would be costly.
    outcomes.push(outcome instanceof Promise ? await outcome : outcome);
  }
  return outcomes;
}

function outOfTime(): Outcome {
  return failed(new RequestError(503, 'DEADLINE', 'not scored: too little time is left'));
}
