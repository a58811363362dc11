import type { OptionId } from '../../lib/advise/options.ts';
import type { Given } from '../../lib/advise/situation.ts';

/** The worked cases of docs/advise.md; `usd` is the result of the arithmetic that stands there. */
export const cases: { name: string; given: Given; option: OptionId; usd: number }[] = [
  {
    name: 'churn scores for a web shop',
    given: { modelBytes: 50_000, requestsPerMonth: 100_000, coldMs: 300, warmMs: 2 },
    option: 'lambda',
    usd: 0.0247,
  },
  {
    name: 'a report at night',
    given: { modelBytes: 50_000, requestsPerMonth: 100, shape: 'nightly', coldMs: 300, warmMs: 2 },
    option: 'lambda',
    usd: 0.000422,
  },
  {
    name: 'photographs in an app',
    given: { modelBytes: 47e6, requestsPerMonth: 2e6, coldMs: 488, warmMs: 65 },
    option: 'lambda',
    usd: 3.4,
  },
  {
    name: 'the same, of an app that is everywhere',
    given: { modelBytes: 47e6, requestsPerMonth: 50e6, coldMs: 488, warmMs: 65 },
    option: 'api',
    usd: 60.78,
  },
  {
    name: 'embeddings with a model of 400 MB',
    given: { modelBytes: 400e6, requestsPerMonth: 50_000, coldMs: 1900, warmMs: 542 },
    option: 'google',
    usd: 0.815,
  },
  {
    name: 'fraud, answered within 200 ms, now and then',
    given: { modelBytes: 50_000, requestsPerMonth: 3000, latencyMs: 200, coldMs: 300, warmMs: 2 },
    option: 'api',
    usd: 30.39,
  },
  {
    name: 'a GPU on AWS',
    given: { needsGpu: true, cloud: 'aws', requestsPerMonth: 100_000, warmMs: 65 },
    option: 'sagemaker',
    usd: 1030,
  },
  {
    name: 'a sensor in a field',
    given: { onDevices: true, modelBytes: 2e6 },
    option: 'executable',
    usd: 0,
  },
  {
    name: 'colleagues with notebooks',
    given: { reproducesEnvironment: true, integrators: 'analysts' },
    option: 'venv',
    usd: 0,
  },
  {
    name: 'Python packages around the model, on Google',
    given: { hasDependencies: true, cloud: 'google', requestsPerMonth: 100_000, warmMs: 16 },
    option: 'container',
    usd: 57.86,
  },
  {
    name: 'an ML team on Azure',
    given: { integrators: 'ml-team', cloud: 'azure', requestsPerMonth: 100_000, warmMs: 16 },
    option: 'azure-ml',
    usd: 138.8,
  },
  {
    name: 'scans of 20 MB',
    given: { modelBytes: 10e6, payloadMb: 20, requestsPerMonth: 10_000, coldMs: 340, warmMs: 16 },
    option: 'google',
    usd: 0.037,
  },
];
