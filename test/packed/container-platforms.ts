import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { example } from './pack-example.ts';

const record = JSON.parse(readFileSync(join(example, 'record.json'), 'utf8'));
const request = JSON.parse(readFileSync(join(example, 'request.json'), 'utf8'));
const rows: number[] = request.inputs[0].data.flat();

interface Call {
  method?: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  /** Text as it is, anything else as JSON. */
  body?: unknown;
  status?: number;
  says: RegExp;
}

/** What a platform expects of a container. */
export interface Platform {
  name: string;
  /** The variable that has its port. */
  port: string;
  env?: Record<string, string>;
  args?: string[];
  calls: Call[];
}

export const platforms: Platform[] = [
  {
    name: 'Docker',
    port: 'PORT',
    calls: [
      { path: '/v2/health/ready', says: /"ready":true/ },
      { path: '/', body: record, says: /"label":"malignant"/ },
    ],
  },
  {
    name: 'Cloud Run',
    port: 'PORT',
    env: { K_SERVICE: 'churn', K_REVISION: 'churn-00001-abc', K_CONFIGURATION: 'churn' },
    calls: [
      { path: '/v2/health/ready', says: /"ready":true/ },
      { path: '/', body: [record, record], says: /^\[\{"label":"malignant".*\}\]$/ },
    ],
  },
  {
    name: 'SageMaker',
    port: 'SAGEMAKER_BIND_TO_PORT',
    args: ['serve'],
    calls: [
      { path: '/ping', says: /"ready":true/ },
      { path: '/invocations', body: record, says: /malignant/ },
      {
        path: '/invocations',
        headers: { 'content-type': 'text/csv', accept: 'text/csv' },
        body: `${rows.join(',')}\n`,
        says: /^malignant,/,
      },
      { path: '/invocations', body: request, says: /"outputs"/ },
      { path: '/invocations', body: {}, status: 422, says: /record 1/ },
    ],
  },
  {
    name: 'Vertex AI',
    port: 'AIP_HTTP_PORT',
    env: {
      AIP_MODE: 'PREDICTION',
      AIP_HEALTH_ROUTE: '/v1/endpoints/1/deployedModels/2',
      AIP_PREDICT_ROUTE: '/v1/endpoints/1/deployedModels/2:predict',
      AIP_STORAGE_URI: '',
      PORT: '1',
    },
    calls: [
      { path: '/v1/endpoints/1/deployedModels/2', says: /"ready":true/ },
      {
        path: '/v1/endpoints/1/deployedModels/2:predict',
        body: { instances: [record, record], parameters: {} },
        says: /^\{"predictions":\[\{"label":"malignant".*\},\{.*\}\]\}$/,
      },
      { path: '/v1/endpoints/1/deployedModels/2:predict', body: request, says: /"outputs"/ },
      {
        path: '/v1/endpoints/1/deployedModels/2:predict',
        body: { instances: {} },
        status: 400,
        says: /instances/,
      },
    ],
  },
  {
    name: 'Vertex AI with its routes at the root',
    port: 'AIP_HTTP_PORT',
    env: { AIP_HEALTH_ROUTE: '/', AIP_PREDICT_ROUTE: '/' },
    calls: [
      { path: '/', says: /"ready":true/ },
      { path: '/', body: { instances: [record] }, says: /"predictions"/ },
    ],
  },
  {
    name: 'Azure ML',
    port: 'PORT',
    env: { AZUREML_MODEL_DIR: '/var/azureml-app/azureml-models' },
    calls: [
      { path: '/v2/health/live', says: /"live":true/ },
      { path: '/v2/health/ready', says: /"ready":true/ },
      { path: '/', body: [record], says: /malignant/ },
    ],
  },
  {
    name: 'KServe, V2',
    port: 'PORT',
    env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' },
    calls: [
      { path: '/v2/health/live', says: /"live":true/ },
      { path: '/v2/models/breast-cancer/ready', says: /"ready":true/ },
      { path: '/v2/models/breast-cancer', says: /"float_input"/ },
      { path: '/v2/models/breast-cancer/infer', body: request, says: /"model_name":"breast-cancer"/ },
    ],
  },
  {
    name: 'KServe, V1',
    port: 'PORT',
    env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' },
    calls: [
      { path: '/v1/models', says: /^\{"models":\["breast-cancer"\]\}$/ },
      { path: '/v1/models/breast-cancer', says: /"name":"breast-cancer","ready":true/ },
      {
        path: '/v1/models/breast-cancer:predict',
        body: { instances: [record] },
        says: /^\{"predictions":/,
      },
    ],
  },
];

/** Makes a platform's calls, in their order, and compares the answers. */
export async function expectAnswers(url: string, { calls }: Platform): Promise<void> {
  for (const { path, headers, body, status = 200, says } of calls) {
    const response = await fetch(url + path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const answered = await response.text();
    expect({ path, status: response.status, answered }).toMatchObject({ path, status });
    expect(answered).toMatch(says);
  }
}
