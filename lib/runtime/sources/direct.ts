import { toJsonData } from '../tensor/encode.ts';
import type { InferRequest } from '../tensor/types.ts';
import type { Source } from './source.ts';

/** Direct invocation: an Open Inference Protocol request, a record, or an array of records. */
export const direct: Source<unknown> = {
  name: 'direct',
  matches: () => true,
  async handle(event, fn) {
    if (isInferRequest(event)) {
      const response = fn.model.infer(event);
      return {
        ...response,
        outputs: response.outputs.map(o => ({ ...o, data: toJsonData(o.datatype, o.data) })),
      };
    }
    const records = Array.isArray(event) ? event : [event];
    const outcomes = await fn.scoreRecords(records);
    const failed = outcomes.find(outcome => !outcome.ok);
    if (failed !== undefined && !failed.ok) {
      throw failed.error;
    }
    const results = outcomes.map(outcome => (outcome as { result: unknown }).result);
    return Array.isArray(event) ? results : results[0];
  },
};

function isInferRequest(event: unknown): event is InferRequest {
  return typeof event === 'object' && event !== null && 'inputs' in event && Array.isArray(event.inputs);
}

