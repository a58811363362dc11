import { answerDocs } from './docs-page.ts';
import type { Endpoint, Exchange } from './endpoint.ts';
import { answerJsonLines } from './json-lines.ts';
import type { Loaded } from './loaded.ts';
import {
  answerLive,
  answerModel,
  answerModelReady,
  answerReady,
  answerServer,
  answerStatus,
} from './metadata.ts';
import { answerOpenApi } from './openapi.ts';
import { predict } from './predict.ts';
import { json } from './respond.ts';
import type { Route } from './route.ts';
import { answerInvocations } from './sagemaker.ts';
import type { HttpResponse } from './types.ts';

/** Lists all routes. Some contain the model's name and version. */
export function listRoutes({ model, plan }: Endpoint, loaded: Loaded): Route[] {
  const { name } = model.manifest;
  const { vertex } = plan;
  const invoke = (exchange: Exchange) => answerInvocations(exchange, loaded);
  const ready = (exchange: Exchange) => answerReady(exchange, loaded);
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
      answer: vertex.predict === '/' ? invoke : exchange => answerRecords(exchange, loaded),
    },
    ...(plan.docs
      ? [
          {
            method: 'GET',
            path: '/',
            answer: (exchange: Exchange) =>
              answerDocs(exchange, listRoutes(exchange.endpoint, loaded), loaded),
          } as const,
        ]
      : []),
    {
      method: 'GET',
      path: '/openapi.json',
      answer: ({ endpoint }) => answerOpenApi(endpoint, listRoutes(endpoint, loaded)),
    },

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
      answer: ready,
    },
    ...inferences.flatMap((path): Route[] => [
      { method: 'GET', path, summary: 'Model metadata', responseSchema: 'Model', answer: answerModel },
      {
        method: 'GET',
        path: `${path}/ready`,
        summary: 'Readiness',
        responseSchema: 'Health',
        answer: exchange => answerModelReady(exchange, loaded),
      },
      {
        method: 'POST',
        path: `${path}/infer`,
        summary: 'Run the model',
        requestSchema: 'InferRequest',
        responseSchema: 'InferResponse',
        answer: loaded.answerInfer,
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
        answer: async exchange => predict(exchange, await loaded.readJson(exchange), loaded),
      },
    ]),

    // SageMaker
    {
      method: 'GET',
      path: '/ping',
      summary: 'Readiness',
      responseSchema: 'Health',
      answer: ready,
    },
    {
      method: 'POST',
      path: '/invocations',
      summary: 'Score records',
      requestSchema: 'Invocation',
      responseSchema: 'Results',
      answer: invoke,
    },

    // Vertex AI, which sets both paths itself; `rawPredict` sends any body to the second
    ...(vertex.health === undefined ? [] : [{ method: 'GET', path: vertex.health, answer: ready } as const]),
    ...(vertex.predict === undefined
      ? []
      : [{ method: 'POST', path: vertex.predict, answer: invoke } as const]),
  ];
}

function answerRecords(exchange: Exchange, loaded: Loaded): Promise<HttpResponse> {
  return loaded.isJsonLines(exchange.request)
    ? answerJsonLines(exchange, loaded)
    : loaded.answerRecords(exchange);
}
