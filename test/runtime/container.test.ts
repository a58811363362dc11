import { describe, expect, test } from 'vitest';
import { resolveServer, type ServerPlan } from '../../lib/runtime/platform/container.ts';

interface Case {
  about: string;
  env?: Record<string, string>;
  args?: string[];
  plan: Partial<ServerPlan>;
}

const infinite = Number.POSITIVE_INFINITY;

const cases: Case[] = [
  { about: 'Docker', plan: { name: 'this server', port: 8080, timeoutMs: infinite } },
  { about: 'Docker with a port', env: { PORT: '3000' }, plan: { port: 3000 } },
  { about: 'an empty port', env: { PORT: '' }, plan: { port: 8080 } },
  {
    about: 'Cloud Run',
    env: { PORT: '8081', K_SERVICE: 'churn', K_REVISION: 'churn-1', CLOUD_RUN_TIMEOUT_SECONDS: '300' },
    plan: { name: 'Cloud Run', port: 8081, timeoutMs: 300_000, logs: 'google' },
  },
  {
    about: 'SageMaker, real time and serverless',
    args: ['serve'],
    plan: {
      name: 'SageMaker',
      port: 8080,
      timeoutMs: 60_000,
      logs: 'aws',
      shutdown: { leastMs: 0, killMs: 30_000 },
    },
  },
  {
    about: 'SageMaker, one container of several',
    args: ['serve'],
    env: { SAGEMAKER_BIND_TO_PORT: '15001', PORT: '8080' },
    plan: { name: 'SageMaker', port: 15_001 },
  },
  {
    about: 'Vertex AI',
    env: { AIP_HTTP_PORT: '8088', AIP_HEALTH_ROUTE: '/health', AIP_PREDICT_ROUTE: '/predict', PORT: '1' },
    plan: { name: 'Vertex AI', port: 8088, logs: 'google' },
  },
  {
    about: 'Vertex AI, which runs on Kubernetes',
    env: { AIP_HTTP_PORT: '8080', KUBERNETES_SERVICE_HOST: '10.0.0.1' },
    plan: { name: 'Vertex AI' },
  },
  { about: 'Azure ML', env: { AZUREML_MODEL_DIR: '/model' }, plan: { name: 'Azure ML', port: 8080 } },
  {
    about: 'Kubernetes, which routes on after the signal',
    env: { KUBERNETES_SERVICE_HOST: '10.0.0.1' },
    plan: { name: 'Kubernetes', port: 8080, shutdown: { leastMs: 5000, killMs: 30_000 } },
  },
  {
    about: 'KServe with Knative',
    env: { KUBERNETES_SERVICE_HOST: '10.0.0.1', K_SERVICE: 'churn', PORT: '8012' },
    plan: { name: 'Kubernetes', port: 8012 },
  },
];

test.each(cases)('$about', ({ env = {}, args = [], plan }) => {
  expect(resolveServer({ env, args })).toMatchObject(plan);
});

describe('refused', () => {
  test.each([
    { env: { PORT: 'http' }, args: [], says: /PORT is "http"/ },
    { env: { PORT: '0' }, args: [], says: /PORT/ },
    { env: { PORT: '65536' }, args: [], says: /PORT/ },
    { env: { AIP_HTTP_PORT: '80.5' }, args: [], says: /AIP_HTTP_PORT/ },
    { env: {}, args: ['train'], says: /"train"/ },
    { env: {}, args: ['serve', 'more'], says: /"more"/ },
  ])('$env $args', ({ env, args, says }) => {
    expect(() => resolveServer({ env, args })).toThrow(says);
  });
});
