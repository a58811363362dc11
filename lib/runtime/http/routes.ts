import { negotiateType } from './accept.ts';
import type { Endpoint, Exchange, Route } from './endpoint.ts';
import { loadBodies } from './load-bodies.ts';
import {
  answerInfer,
  answerLive,
  answerModel,
  answerModelReady,
  answerReady,
  answerServer,
} from './open-inference.ts';
import { answerPredict, answerRecords } from './records.ts';
import { json } from './respond.ts';
import { answerInvocations } from './sagemaker.ts';

/** Lists all routes. Some contain the model's name and version. */
export function listRoutes({ model, plan }: Endpoint): Route[] {
  const { name } = model.manifest;
  const { health, predict } = plan.vertex;
  const inferences = [`/v2/models/${name}`, `/v2/models/${name}/versions/${model.version}`];
  const predictions = [`/v1/models/${name}`, `/v1/models/${name}/versions/${model.version}`];
  return [
    {
      method: 'POST',
      path: '/',
      summary: 'Score records',
      requestSchema: 'Records',
      responseSchema: 'Results',
      // Vertex AI may also call this path, with a different body.
      answer: predict === '/' ? answerInvocations : answerRecords,
    },
    ...(plan.docs ? [{ method: 'GET', path: '/', answer: answerDocs } as const] : []),
    { method: 'GET', path: '/openapi.json', answer: answerOpenApi },

    // Open Inference Protocol V2
    {
      method: 'GET',
      path: '/v2',
      summary: 'Server metadata',
      responseSchema: 'Server',
      answer: answerServer,
    },
    {
      method: 'GET',
      path: '/v2/health/live',
      summary: 'Liveness',
      responseSchema: 'Health',
      answer: answerLive,
    },
    {
      method: 'GET',
      path: '/v2/health/ready',
      summary: 'Readiness',
      responseSchema: 'Health',
      answer: answerReady,
    },
    ...inferences.flatMap((path): Route[] => [
      { method: 'GET', path, summary: 'Model metadata', responseSchema: 'Model', answer: answerModel },
      {
        method: 'GET',
        path: `${path}/ready`,
        summary: 'Readiness',
        responseSchema: 'Health',
        answer: answerModelReady,
      },
      {
        method: 'POST',
        path: `${path}/infer`,
        summary: 'Run the model',
        requestSchema: 'InferRequest',
        responseSchema: 'InferResponse',
        answer: answerInfer,
      },
    ]),

    // TensorFlow Serving, and KServe's V1
    {
      method: 'GET',
      path: '/v1/models',
      summary: 'List the models',
      responseSchema: 'Models',
      answer: () => json(200, { models: [name] }),
    },
    ...predictions.flatMap((path): Route[] => [
      {
        method: 'GET',
        path,
        summary: 'Model status',
        responseSchema: 'ModelStatus',
        answer: answerStatus,
      },
      {
        method: 'POST',
        path: `${path}:predict`,
        summary: 'Score records',
        requestSchema: 'Instances',
        responseSchema: 'Predictions',
        answer: answerPredict,
      },
    ]),

    // SageMaker
    {
      method: 'GET',
      path: '/ping',
      summary: 'Readiness',
      responseSchema: 'Health',
      answer: answerReady,
    },
    {
      method: 'POST',
      path: '/invocations',
      summary: 'Score records',
      requestSchema: 'Invocation',
      responseSchema: 'Results',
      answer: answerInvocations,
    },

    // Vertex AI, which sets both paths itself; `rawPredict` sends any body to the second
    ...(health === undefined ? [] : [{ method: 'GET', path: health, answer: answerReady } as const]),
    ...(predict === undefined ? [] : [{ method: 'POST', path: predict, answer: answerInvocations } as const]),
  ];
}

const answerDocs = async (exchange: Exchange) => (await loadBodies()).answerDocs(exchange, { negotiateType });
const answerOpenApi = async (exchange: Exchange) => (await loadBodies()).answerOpenApi(exchange);

/**
 * The format of https://www.tensorflow.org/tfx/serving/api_rest#model_status_api plus, with `name` and `ready`, of
 * https://kserve.github.io/website/docs/concepts/architecture/data-plane/v1-protocol
 */
const answerStatus: Route['answer'] = ({ endpoint }) =>
  json(200, {
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
