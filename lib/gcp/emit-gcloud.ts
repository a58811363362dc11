import { dirname, join } from 'node:path';
import { FUNCTION_FOLDER } from '../contract/files.ts';
import { type DeployRequest, type egressSettings, flagOf, ingressSettings } from './options.ts';
import { planDeployment } from './plan.ts';

/**
 * The gcloud commands of the same deployment, for users with their own deployment process: arguments, not yet quoted.
 * They contain all settings of a new function.
 */
export function gcloudCommands(request: DeployRequest): string[][] {
  const plan = planDeployment(request, undefined);
  const { settings, manifest } = plan;
  const { trigger = { kind: 'http' } } = settings;
  const { buildConfig, serviceConfig, labels } = plan.resource;
  const config = serviceConfig!;
  const ingress = flagOf(ingressSettings, config.ingressSettings) ?? 'all';
  const common = [
    ...['--project', plan.project, '--region', plan.region],
    ...['--source', join(dirname(plan.zipPath), FUNCTION_FOLDER)],
    ...['--memory', config.availableMemory!, '--cpu', config.availableCpu!],
    ...['--concurrency', String(config.maxInstanceRequestConcurrency)],
    ...['--min-instances', String(config.minInstanceCount), '--timeout', `${config.timeoutSeconds}s`],
    ...flag('--max-instances', settings.maxInstances),
    ...flag('--service-account', settings.serviceAccount),
    ...flag('--vpc-connector', settings.vpcConnector),
    ...['--update-env-vars', pairs(config.environmentVariables!)],
    ...flag('--update-secrets', settings.secrets.map(secretPair).join(',') || undefined),
    ...flag('--update-labels', labels ? pairs(labels) : undefined),
    plan.allowUnauthenticated ? '--allow-unauthenticated' : '--no-allow-unauthenticated',
  ];
  const functions = [
    ...['gcloud', 'functions', 'deploy', plan.name, '--gen2', '--runtime', manifest.runtime],
    ...['--entry-point', buildConfig!.entryPoint!, ...common],
    ...['--ingress-settings', ingress === 'internal' ? 'internal-only' : ingress],
    ...flag('--egress-settings', settings.egress && egressOfFunctions[settings.egress]),
    ...['--update-build-env-vars', pairs(buildConfig!.environmentVariables!)],
    ...triggerFlags(trigger),
  ];
  if (trigger.kind !== 'http') {
    return [functions];
  }
  const run = [
    ...['gcloud', 'run', 'deploy', plan.name, '--function', buildConfig!.entryPoint!],
    ...['--base-image', manifest.runtime, ...common, '--ingress', ingressOfRun[ingress]],
    ...flag('--vpc-egress', settings.egress && egressOfRun[settings.egress]),
    ...['--update-build-env-vars', pairs(buildConfig!.environmentVariables!)],
    ...(plan.traffic ? [] : ['--no-traffic']),
    ...flag('--tag', plan.tag),
  ];
  return [functions, run];
}

const ingressOfRun = {
  all: 'all',
  internal: 'internal',
  'internal-and-gclb': 'internal-and-cloud-load-balancing',
} as const;
const egressOfFunctions = { private: 'private-ranges-only', all: 'all' } as const satisfies Record<
  keyof typeof egressSettings,
  string
>;
const egressOfRun = { private: 'private-ranges-only', all: 'all-traffic' } as const;

function flag(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [name, String(value)];
}

function triggerFlags(trigger: NonNullable<DeployRequest['settings']['trigger']>): string[] {
  switch (trigger.kind) {
    case 'http':
      return ['--trigger-http'];
    case 'pubsub':
      return ['--trigger-topic', trigger.topic, '--retry'];
    case 'gcs':
      return ['--trigger-bucket', trigger.bucket, '--retry'];
  }
}

function secretPair({
  key,
  projectId,
  secret,
  version,
}: DeployRequest['settings']['secrets'][number]): string {
  return `${key}=projects/${projectId}/secrets/${secret}:${version}`;
}

/** Uses another separator if a value contains a comma; see `gcloud topic escaping`. */
function pairs(values: Record<string, string>): string {
  const texts = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  const separator = [',', ';', '|', '@', '#'].find(mark => !texts.some(text => text.includes(mark))) ?? '##';
  return separator === ',' ? texts.join(',') : `^${separator}^${texts.join(separator)}`;
}
