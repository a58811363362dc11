import { toJsonData } from '../tensor/encode.ts';
import type { InferRequest } from '../tensor/types.ts';
import type { Source } from './source.ts';

/**
 * Direct invocation: an Open Inference Protocol request, a record, or an array of records. The event does not tell
 * whether its caller waits, so the answer is the same for both: of an asynchronous invocation it goes to the
 * function's destinations, where there are any, and one that fails is retried.
 */
export const direct: Source<unknown> = {
  name: 'direct',
  matches: () => true,
  async handle(event, fn, invocation) {
    const { tally } = invocation;
    if (isInferRequest(event)) {
      tally.records += 1;
      const response = fn.model.infer(event);
      return {
        ...response,
        outputs: response.outputs.map(o => ({ ...o, data: toJsonData(o.datatype, o.data) })),
      };
    }
    const records = Array.isArray(event) ? event : [event];
    const outcomes = await fn.scoreRecords(records, { remainingMs: invocation.remainingMs });
    tally.records += records.length;
    tally.failures += outcomes.filter(outcome => !outcome.ok).length;
    const results = outcomes.map(outcome => {
      if (!outcome.ok) {
        throw outcome.error;
      }
      return outcome.result;
    });
    return Array.isArray(event) ? results : results[0];
  },
};

function isInferRequest(event: unknown): event is InferRequest {
  return typeof event === 'object' && event !== null && 'inputs' in event && Array.isArray(event.inputs);
}
