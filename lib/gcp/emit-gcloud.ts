import { dirname, join } from 'node:path';
import { FUNCTION_FOLDER } from '../contract/files.ts';
import { buildVariables, entryPoint, serviceVariables } from './function-resource.ts';
import type { DeployPlan } from './options.ts';

/** The commands of gcloud that deploy the same, for those who deploy their own way: arguments, not yet quoted. */
export function gcloudCommands(plan: DeployPlan): string[][] {
  const source = join(dirname(plan.zipPath), FUNCTION_FOLDER);
  const common = [
    ...['--project', plan.project, '--region', plan.region, '--source', source],
    ...[
      '--memory',
      `${plan.memoryMb}Mi`,
      '--cpu',
      String(plan.cpu),
      '--concurrency',
      String(plan.concurrency),
    ],
    ...['--min-instances', String(plan.minInstances), '--timeout', `${plan.timeoutSeconds}s`],
    ...['--update-env-vars', variables(serviceVariables(plan))],
    plan.allowUnauthenticated ? '--allow-unauthenticated' : '--no-allow-unauthenticated',
  ];
  const functions = [
    ...['gcloud', 'functions', 'deploy', plan.name, '--gen2', '--runtime', plan.manifest.runtime],
    ...['--entry-point', entryPoint(plan), ...common],
    ...['--ingress-settings', plan.ingress === 'internal' ? 'internal-only' : plan.ingress],
    ...['--update-build-env-vars', variables(buildVariables), ...trigger(plan)],
  ];
  if (plan.trigger.kind !== 'http') {
    return [functions];
  }
  const run = [
    ...['gcloud', 'run', 'deploy', plan.name, '--function', entryPoint(plan)],
    ...['--base-image', plan.manifest.runtime, ...common, '--ingress', ingressOfRun[plan.ingress]],
    ...['--update-build-env-vars', variables(buildVariables)],
    ...(plan.traffic ? [] : ['--no-traffic']),
    ...(plan.tag === undefined ? [] : ['--tag', plan.tag]),
  ];
  return [functions, run];
}

const ingressOfRun = {
  all: 'all',
  internal: 'internal',
  'internal-and-gclb': 'internal-and-cloud-load-balancing',
} as const;

function trigger({ trigger }: DeployPlan): string[] {
  switch (trigger.kind) {
    case 'http':
      return ['--trigger-http'];
    case 'pubsub':
      return ['--trigger-topic', trigger.topic, '--retry'];
    case 'gcs':
      return ['--trigger-bucket', trigger.bucket, '--retry'];
  }
}

function variables(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}
