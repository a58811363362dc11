import type { TensorSpec } from '../../manifest.ts';
import { RequestError } from '../errors.ts';
import type { Model } from '../open-model.ts';
import type { ScoreRecords } from '../score/score-records.ts';
import { toJsonData } from '../tensor/encode.ts';
import type { InferRequest } from '../tensor/types.ts';
import type { HttpRequest } from './types.ts';

export interface Context {
  model: Model;
  scoreRecords: ScoreRecords;
}

interface Route {
  method: 'GET' | 'POST';
  /** `{model}` stands for the model's name. */
  path: string;
  /** Gives the body of the answer. @throws RequestError */
  answer(context: Context, request: HttpRequest): unknown;
}

/** The Open Inference Protocol V2, and `POST /` for records. */
export const routes: Route[] = [
  { method: 'POST', path: '/', answer: answerRecords },
  { method: 'POST', path: '/v2/models/{model}/infer', answer: answerInfer },
  { method: 'GET', path: '/v2/models/{model}', answer: ({ model }) => modelMetadata(model) },
  { method: 'GET', path: '/v2/models/{model}/ready', answer: ({ model }) => ({ name: model.manifest.name, ready: true }) },
  { method: 'GET', path: '/v2/health/live', answer: () => ({ live: true }) },
  { method: 'GET', path: '/v2/health/ready', answer: () => ({ ready: true }) },
  {
    method: 'GET',
    path: '/v2',
    answer: ({ model }) => ({ name: 'coldpress', version: model.manifest.versions.coldpress, extensions: [] }),
  },
];

/** One record or an array of them; the answer has the same form. */
async function answerRecords({ scoreRecords }: Context, request: HttpRequest): Promise<unknown> {
  const body = readJson(request);
  const records = Array.isArray(body) ? body : [body];
  const outcomes = await scoreRecords(records);
  const results = outcomes.map(outcome => {
    if (!outcome.ok) {
      throw outcome.error;
    }
    return outcome.result;
  });
  return Array.isArray(body) ? results : results[0];
}

function answerInfer({ model }: Context, request: HttpRequest): unknown {
  const body = readJson(request);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RequestError(400, 'BODY', 'the body is not an inference request: expected an object with "inputs"');
  }
  const response = model.infer(body as InferRequest);
  const outputs = response.outputs.map(output => ({ ...output, data: toJsonData(output.datatype, output.data) }));
  return { ...response, outputs };
}

function readJson(request: HttpRequest): unknown {
  try {
    return JSON.parse(Buffer.from(request.body).toString('utf8'));
  } catch (cause) {
    throw new RequestError(400, 'JSON', `the body is not JSON: ${(cause as Error).message}`);
  }
}

function modelMetadata({ manifest, signature }: Model): unknown {
  return {
    name: manifest.name,
    versions: [],
    platform: 'onnxruntime_onnx',
    inputs: signature.inputs.map(tensorMetadata),
    outputs: signature.outputs.map(tensorMetadata),
  };
}

function tensorMetadata({ name, datatype, shape }: TensorSpec): unknown {
  return { name, datatype, shape: shape?.map(size => (typeof size === 'string' ? -1 : size)) ?? [-1] };
}
