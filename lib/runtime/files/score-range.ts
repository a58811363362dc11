import { setTimeout } from 'node:timers/promises';
import type { Columns } from '../../contract/columns.ts';
import type { DriftCounts } from '../../contract/drift-counts.ts';
import type { PressedManifest } from '../../contract/manifest.ts';
import { RequestError } from '../errors.ts';
import { columnsOf, csvHead, resultsFormat } from '../objects/results.ts';
import type { LambdaContext } from '../platform/invocation.ts';
import { classify, failed, type Outcome } from '../score/outcome.ts';
import { describeError } from '../sources/to-entries.ts';
import { driftLine } from '../telemetry/drift-line.ts';
import { readRange } from './read-range.ts';
import type { RangeRequest, RangeScores } from './types.ts';

/** The packed function's handler. */
export type Handler = (event: object, context: LambdaContext) => Promise<unknown>;

/** One record of the answer to a batch; see `lib/runtime/sources/batch.ts`. */
type Answer = { result: unknown } | { error: { code: string; message: string } };

/** A `CountedBatch`. */
interface Scored {
  answers: Answer[];
  drift: DriftCounts[];
}

/** Pauses before each retry of a batch that failed temporarily. */
const pausesMs = [1000, 4000, 16_000] as const;

/** Scores a range's records with the function's handler. @throws RequestError CSV, and the handler's errors */
export async function scoreRange(
  request: RangeRequest,
  { handler, model }: { handler: Handler; model: Columns & Pick<PressedManifest, 'name' | 'model'> },
): Promise<RangeScores> {
  const records = await readRange(request, model);
  const good = records.flatMap(({ read }) => (read.ok ? [read.record] : []));
  const scored = await invoke(handler, good, request.outputs);
  const answers = scored.answers.values();
  const outcomes = records.map(({ read }) =>
    read.ok ? toOutcome(answers.next().value!) : failed(read.error),
  );
  const { row } = request.range;
  const modelFacts = { model: model.name, modelSha256: model.model.sha256 };
  const facts = { source: 'batch', requestId: `${request.path}:${row}`, ...modelFacts };
  const drift = scored.drift.map(counts => `${driftLine(facts, counts, Date.now())}\n`);
  const failures = outcomes.flatMap((outcome, index) =>
    outcome.ok
      ? []
      : `${JSON.stringify({ row: row + index + 1, error: describeError(outcome.error), record: records[index]!.raw })}\n`,
  );
  const columns = request.columns ?? columnsOf(outcomes);
  return {
    head: request.format === 'csv' ? csvHead(columns ?? []) : '',
    results: resultsFormat(request.format, columns ?? []).format(outcomes, row),
    failures: failures.join(''),
    drift: drift.join(''),
    records: outcomes.length,
    failed: failures.length,
    columns,
  };
}

async function invoke(
  handler: Handler,
  records: unknown[],
  outputs: readonly string[] = [],
): Promise<Scored> {
  if (records.length === 0) {
    return { answers: [], drift: [] };
  }
  const event = { coldpress: 'batch', records, outputs, counts: true };
  const context = { awsRequestId: 'batch', getRemainingTimeInMillis: () => Number.POSITIVE_INFINITY };
  for (const pauseMs of pausesMs) {
    try {
      return (await handler(event, context)) as Scored;
    } catch (error) {
      if (classify(error) !== 'transient') {
        throw error;
      }
      await setTimeout(pauseMs);
    }
  }
  return (await handler(event, context)) as Scored;
}

function toOutcome(answer: Answer): Outcome {
  return 'error' in answer
    ? failed(new RequestError(422, answer.error.code, answer.error.message))
    : { ok: true, result: answer.result };
}
