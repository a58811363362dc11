import type { protos } from '@google-cloud/functions';
import { gcfDefaults as defaults } from '../targets/gcf/defaults.ts';
import { leastCpu } from '../targets/gcf/limits.ts';
import { defaultMemoryMb, heapLimitMb } from '../targets/gcf/memory.ts';
import { type DeployRequest, egressSettings, ingressSettings } from './options.ts';

type ServiceConfig = protos.google.cloud.functions.v2.IServiceConfig;

/** Uses the options, then the function's current settings, then the defaults. */
export function planService({ said, manifest }: DeployRequest, current: ServiceConfig): ServiceConfig {
  const memoryMb = said.memoryMb ?? parseMemory(current.availableMemory) ?? defaultMemoryMb(manifest);
  const cpu = said.cpu ?? keptCpu(Number(current.availableCpu), memoryMb);
  const most = cpu < 1 ? 1 : undefined;
  const secrets = new Map((current.secretEnvironmentVariables ?? []).map(secret => [secret.key, secret]));
  for (const secret of said.secrets) {
    secrets.set(secret.key, secret);
  }
  const variables = { ...current.environmentVariables, ...said.env };
  return {
    availableMemory:
      said.memoryMb === undefined ? (current.availableMemory ?? `${memoryMb}Mi`) : `${memoryMb}Mi`,
    availableCpu: Number(current.availableCpu) === cpu ? current.availableCpu! : String(cpu),
    timeoutSeconds: said.timeoutSeconds ?? current.timeoutSeconds ?? defaults.timeoutSeconds,
    maxInstanceRequestConcurrency:
      said.concurrency ?? most ?? current.maxInstanceRequestConcurrency ?? defaults.concurrency,
    minInstanceCount: said.minInstances ?? current.minInstanceCount ?? defaults.minInstances,
    ...given('maxInstanceCount', said.maxInstances ?? current.maxInstanceCount),
    ingressSettings:
      said.ingress === undefined
        ? (current.ingressSettings ?? ingressSettings.all)
        : ingressSettings[said.ingress],
    ...given('serviceAccountEmail', said.serviceAccount ?? current.serviceAccountEmail),
    ...given('vpcConnector', said.vpcConnector ?? current.vpcConnector),
    ...given(
      'vpcConnectorEgressSettings',
      said.egress === undefined ? current.vpcConnectorEgressSettings : egressSettings[said.egress],
    ),
    environmentVariables: {
      ...variables,
      NODE_OPTIONS: nodeOptions(variables, heapLimitMb(manifest, memoryMb)),
    },
    ...given('secretEnvironmentVariables', secrets.size === 0 ? undefined : [...secrets.values()]),
    allTrafficOnLatestRevision: said.traffic ?? current.allTrafficOnLatestRevision ?? true,
  };
}

/** More memory requires more CPUs. */
export function keptCpu(current: number, memoryMb: number): number {
  const least = leastCpu(memoryMb);
  return current > 0 && current < 1 ? current : Math.max(current || 0, least);
}

/** Omits a setting that neither a flag nor the function has, so that Google chooses it. */
export function given<Name extends string, Value>(name: Name, value: Value | null | undefined) {
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
