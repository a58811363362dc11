import type { Signature, TensorSpec } from '../../contract/manifest.ts';
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
import { jsonOnly } from './records.ts';
import { json, refuse } from './respond.ts';
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

export function answerServer({ endpoint }: Exchange): HttpResponse {
  const { versions } = endpoint.model.manifest;
  return json(200, { name: 'coldpress', version: versions.coldpress, extensions: ['binary_tensor_data'] });
}

export function answerLive(): HttpResponse {
  return json(200, { live: true });
}

export async function answerReady(exchange: Exchange): Promise<HttpResponse> {
  return (await whyNotReady(exchange)) ?? json(200, { ready: true });
}

export async function answerModelReady(exchange: Exchange): Promise<HttpResponse> {
  const { name } = exchange.endpoint.model.manifest;
  return (await whyNotReady(exchange)) ?? json(200, { name, ready: true });
}

async function whyNotReady({ endpoint, platform }: Exchange): Promise<HttpResponse | undefined> {
  if (platform.isDraining === true) {
    return refuse(503, 'this instance is shutting down');
  }
  const passes = await endpoint.clock.run(platform, () => endpoint.golden.passes());
  return passes
    ? undefined
    : refuse(503, 'the model does not answer its golden vector as it did when it was packed');
}

export function answerModel({ endpoint }: Exchange): HttpResponse {
  const { manifest, signature, version } = endpoint.model;
  return json(200, {
    name: manifest.name,
    versions: [version],
    platform: 'onnxruntime_onnx',
    inputs: signature.inputs.map(tensorMetadata),
    outputs: signature.outputs.map(tensorMetadata),
  });
}

function tensorMetadata({ name, datatype, shape }: TensorSpec): object {
  return { name, datatype, shape: shape?.map(size => (typeof size === 'string' ? -1 : size)) ?? [-1] };
}
