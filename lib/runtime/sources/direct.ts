import { lambdaPayloadBytes } from '../../contract/platforms.ts';
import { type AnswerLimit, checkParts } from '../answer-limit.ts';
import { RequestError } from '../errors.ts';
import { foreseeOutputs } from '../foresee/used.ts';
import type { ColdpressFunction } from '../function.ts';
import { nameRecords } from '../score/name-records.ts';
import { toJsonData } from '../tensor/encode.ts';
import { fromJson } from '../tensor/from-json.ts';
import type { InferRequest } from '../tensor/types.ts';
import type { Source } from './source.ts';

const limit: AnswerLimit = { mostBytes: () => lambdaPayloadBytes.response, subject: 'AWS Lambda carries' };

/**
 * Direct invocation: an Open Inference Protocol request, a record, or an array of records. The event does not reveal
 * whether its caller waits, so the answer is the same for both: for an asynchronous invocation, it goes to the
 * function's destinations, if there are any, and failures are retried. The runtime logs errors that are thrown, so an
 * error names the place of the fault but not the value, unless the config allows logging events.
 */
export const direct: Source<unknown> = {
  name: 'direct',
  matches: () => true,
  async handle(event, fn, invocation) {
    const { tally } = invocation;
    if (isInferRequest(event)) {
      tally.records += 1;
      return inferDirectly(event, fn);
    }
    const records = Array.isArray(event) ? event : [event];
    const outcomes = await fn
      .scoreRecords(records, { remainingMs: invocation.remainingMs, limit })
      .catch((error: Error) => {
        throw loggable(error, fn);
      });
    tally.records += records.length;
    tally.failures += outcomes.filter(outcome => !outcome.ok).length;
    const results = nameRecords(outcomes).map(outcome => {
      if (!outcome.ok) {
        throw loggable(outcome.error, fn);
      }
      return outcome.result;
    });
    return Array.isArray(event) ? results : results[0];
  },
};

function inferDirectly(request: InferRequest, fn: ColdpressFunction): object {
  try {
    const inference = fromJson(request);
    checkParts(foreseeOutputs(fn.model.manifest, inference), limit);
    const { response, count } = fn.watch.infer(inference);
    checkParts(
      response.outputs.map(({ datatype, data }) => ({ datatype, elements: data.length })),
      limit,
    );
    count();
    return {
      ...response,
      outputs: response.outputs.map(o => ({ ...o, data: toJsonData(o.datatype, o.data) })),
    };
  } catch (error) {
    throw loggable(error as Error, fn);
  }
}

function loggable(error: Error, { model }: ColdpressFunction): Error {
  const { telemetry } = model.manifest;
  const isLogged = telemetry !== false && telemetry.bodies;
  return isLogged || !(error instanceof RequestError)
    ? error
    : new RequestError(error.status, error.code, error.loggable, error.place);
}

function isInferRequest(event: unknown): event is InferRequest {
  return typeof event === 'object' && event !== null && 'inputs' in event && Array.isArray(event.inputs);
}
