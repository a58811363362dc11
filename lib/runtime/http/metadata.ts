import type { TensorSpec } from '../../contract/manifest.ts';
import { checkVector } from './check-vector.ts';
import type { Exchange } from './endpoint.ts';
import type { Loaded } from './loaded.ts';
import { json, refuse } from './respond.ts';
import type { HttpResponse } from './types.ts';

/** https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md */

export function answerServer({ endpoint }: Exchange): HttpResponse {
  const { versions } = endpoint.model.manifest;
  return json(200, { name: 'coldpress', version: versions.coldpress, extensions: ['binary_tensor_data'] });
}

export function answerLive(): HttpResponse {
  return json(200, { live: true });
}

export async function answerReady(exchange: Exchange, loaded: Loaded): Promise<HttpResponse> {
  return (await whyNotReady(exchange, loaded)) ?? json(200, { ready: true });
}

export async function answerModelReady(exchange: Exchange, loaded: Loaded): Promise<HttpResponse> {
  const { name } = exchange.endpoint.model.manifest;
  return (await whyNotReady(exchange, loaded)) ?? json(200, { name, ready: true });
}

async function whyNotReady(
  { endpoint, platform }: Exchange,
  loaded: Loaded,
): Promise<HttpResponse | undefined> {
  if (platform.isDraining === true) {
    return refuse(503, 'this instance is shutting down');
  }
  const passes = await endpoint.clock.run(platform, () =>
    endpoint.golden.passes(vector => checkVector(endpoint.model, vector, loaded)),
  );
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

/**
 * The format of https://www.tensorflow.org/tfx/serving/api_rest#model_status_api plus, with `name` and `ready`, of
 * https://kserve.github.io/website/docs/concepts/architecture/data-plane/v1-protocol
 */
export function answerStatus({ endpoint }: Exchange): HttpResponse {
  return json(200, {
    name: endpoint.model.manifest.name,
    ready: true,
    model_version_status: [
      {
        version: endpoint.model.version,
        state: 'AVAILABLE',
        status: { error_code: 'OK', error_message: '' },
      },
    ],
  });
}
