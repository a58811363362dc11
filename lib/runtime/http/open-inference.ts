import type { Signature } from '../../contract/manifest.ts';
import { countRows } from '../../contract/signature.ts';
import { checkParts } from '../answer-limit.ts';
import { foreseeOutputs } from '../foresee/used.ts';
import { fromJson } from '../tensor/from-json.ts';
import type { InferRequest } from '../tensor/types.ts';
import { negotiateType } from './accept.ts';
import { answerLimit } from './answer-limit.ts';
import { count } from './count.ts';
import type { Exchange } from './endpoint.ts';
import { checkExtent } from './extent.ts';
import { readInferRequest } from './infer-request.ts';
import { binaryType, wantsBinary, writeInferResponse } from './infer-response.ts';
import { jsonOnly } from './media-types.ts';
import type { HttpResponse } from './types.ts';

/** https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md */

export async function answerInfer(exchange: Exchange): Promise<HttpResponse> {
  negotiateType(exchange.request.headers.accept, [...jsonOnly, binaryType]);
  return runInference(exchange, await readInferRequest(exchange));
}

/** @param received - the request as received; the model checks it */
export async function runInference(exchange: Exchange, received: InferRequest): Promise<HttpResponse> {
  const { endpoint, platform } = exchange;
  const inference = fromJson(received);
  const { batch } = endpoint.plan.limits;
  const { manifest } = endpoint.model;
  const { signature, rows } = manifest;
  checkExtent(inference.inputs, { signature, rows, limits: { batch, elements: platform.maxRequestBytes } });
  const limit = answerLimit(exchange);
  checkParts(
    foreseeOutputs(manifest, inference).map(part => ({
      ...part,
      isBinary: wantsBinary(inference, part.name),
    })),
    limit,
  );
  const run = () => endpoint.infer(inference);
  const response = await endpoint.clock.run(platform, run).catch(error => {
    // Counted as one record, because its rows are not verified.
    count(platform, { records: 1, failures: 1 });
    throw error;
  });
  count(platform, { records: countRecords(endpoint.model.signature, inference), failures: 0 });
  return writeInferResponse(response, inference, limit);
}

/** Counts the records of inputs that fit the signature. */
function countRecords(signature: Signature, { inputs }: InferRequest): number {
  const rowed = signature.inputs.find(({ rowAxis }) => rowAxis !== null);
  const given = inputs.find(({ name }) => name === rowed?.name);
  return rowed === undefined || given === undefined ? 1 : countRows(rowed, given.shape);
}
