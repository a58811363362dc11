import type { Signature, TensorSpec } from '../../contract/manifest.ts';
import type { Model } from '../open-model.ts';
import type { InferRequest, InferResponse } from '../tensor/types.ts';
import { type DecodedRequest, decodeRequest } from './decode-request.ts';
import { gather } from './gather.ts';
import { joinRequests, splitResponse } from './join.ts';
import type { BatchLimits } from './limits.ts';

/** As `Model.infer`, and later: with others. @throws RequestError */
export type Infer = (request: InferRequest) => Promise<InferResponse>;

/**
 * Answers inference requests that arrive together by one run, joined along the first dimension. Each is checked by
 * itself before it waits, so that what a client did wrong is its own.
 */
export function shareInference(model: Model, limits: BatchLimits): Infer {
  let isSplittable = hasBatchDimension(model.signature);
  const add = gather<DecodedRequest, InferResponse>(requests => {
    if (requests.length === 1) {
      return [model.infer(requests[0]!.request)];
    }
    const parts = splitResponse(model.infer(joinRequests(requests)), requests);
    if (parts === undefined) {
      // The signature did not tell that the outputs are not one row a record.
      isSplittable = false;
      throw new Error('the outputs have another first dimension than the inputs');
    }
    return parts;
  }, limits);
  return async request => {
    const decoded = decodeRequest(model.signature, request);
    return add({ value: decoded, rows: decoded.rows, key: isSplittable ? decoded.key : nextKey() });
  };
}

let keys = 0;

/** Like no other: its request runs alone. */
function nextKey(): string {
  keys += 1;
  return `alone ${keys}`;
}

/** Whether every input and output begins with the batch, as far as the signature tells. */
function hasBatchDimension({ inputs, outputs }: Signature): boolean {
  const [name] = inputs.map(firstDimension).filter(dimension => typeof dimension === 'string');
  return (
    inputs.length > 0 &&
    [...inputs, ...outputs].every(spec => {
      const first = firstDimension(spec);
      return first === name || first === -1;
    })
  );
}

function firstDimension({ shape }: TensorSpec): number | string | undefined {
  return shape === null ? -1 : shape[0];
}
