import type { protos } from '@google-cloud/functions';
import { gcfDefaults as defaults } from '../targets/gcf/defaults.ts';
import { leastCpu } from '../targets/gcf/limits.ts';
import { defaultMemoryMb, heapLimitMb } from '../targets/gcf/memory.ts';
import { type DeployRequest, egressSettings, ingressSettings } from './options.ts';

type ServiceConfig = protos.google.cloud.functions.v2.IServiceConfig;

/** Uses the options, then the function's current settings, then the defaults. */
export function planService({ settings, manifest }: DeployRequest, current: ServiceConfig): ServiceConfig {
  const memoryMb = settings.memoryMb ?? parseMemory(current.availableMemory) ?? defaultMemoryMb(manifest);
  const cpu = settings.cpu ?? keptCpu(Number(current.availableCpu), memoryMb);
  const most = cpu < 1 ? 1 : undefined;
  const secrets = new Map((current.secretEnvironmentVariables ?? []).map(secret => [secret.key, secret]));
  for (const secret of settings.secrets) {
    secrets.set(secret.key, secret);
  }
  const variables = { ...current.environmentVariables, ...settings.env };
  return {
    availableMemory:
      settings.memoryMb === undefined ? (current.availableMemory ?? `${memoryMb}Mi`) : `${memoryMb}Mi`,
    availableCpu: Number(current.availableCpu) === cpu ? current.availableCpu! : String(cpu),
    timeoutSeconds: settings.timeoutSeconds ?? current.timeoutSeconds ?? defaults.timeoutSeconds,
    maxInstanceRequestConcurrency:
      settings.concurrency ?? most ?? current.maxInstanceRequestConcurrency ?? defaults.concurrency,
    minInstanceCount: settings.minInstances ?? current.minInstanceCount ?? defaults.minInstances,
    ...ifSet('maxInstanceCount', settings.maxInstances ?? current.maxInstanceCount),
    ingressSettings:
      settings.ingress === undefined
        ? (current.ingressSettings ?? ingressSettings.all)
        : ingressSettings[settings.ingress],
    ...ifSet('serviceAccountEmail', settings.serviceAccount ?? current.serviceAccountEmail),
    ...ifSet('vpcConnector', settings.vpcConnector ?? current.vpcConnector),
    ...ifSet(
      'vpcConnectorEgressSettings',
      settings.egress === undefined ? current.vpcConnectorEgressSettings : egressSettings[settings.egress],
    ),
    environmentVariables: {
      ...variables,
      NODE_OPTIONS: nodeOptions(variables, heapLimitMb(manifest, memoryMb)),
    },
    ...ifSet('secretEnvironmentVariables', secrets.size === 0 ? undefined : [...secrets.values()]),
    allTrafficOnLatestRevision: settings.traffic ?? current.allTrafficOnLatestRevision ?? true,
  };
}

/** More memory requires more CPUs. */
export function keptCpu(current: number, memoryMb: number): number {
  const least = leastCpu(memoryMb);
  return current > 0 && current < 1 ? current : Math.max(current || 0, least);
}

/** Omits a setting that neither a flag nor the function has, so that Google chooses it. */
export function ifSet<Name extends string, Value>(name: Name, value: Value | null | undefined) {
  return (value === undefined || value === null || value === '' ? {} : { [name]: value }) as {
    [Key in Name]?: Value;
  };
}

/**
 * Sets the limit of V8's heap. The buildpack puts its own limit before the contents of NODE_OPTIONS, and V8 uses the
 * last one. Other options are kept.
 */
function nodeOptions({ NODE_OPTIONS = '' }: Record<string, string>, heapMb: number): string {
  const others = NODE_OPTIONS.split(/\s+/).filter(
    option => option !== '' && !/^--max[-_]old[-_]space/.test(option),
  );
  return [...others, `--max-old-space-size=${heapMb}`].join(' ');
}

const units: Record<string, number> = {
  M: 1e6 / 2 ** 20,
  Mi: 1,
  G: 1e9 / 2 ** 20,
  Gi: 1024,
};

/** Parses `512Mi`, `1Gi` or `256M` to MiB. */
export function parseMemory(text: string | null | undefined): number | undefined {
  const [, count, unit] = /^([\d.]+)(Mi?|Gi?)$/.exec(text ?? '') ?? [];
  return count === undefined ? undefined : Math.floor(Number(count) * units[unit!]!);
}
