import type { protos } from '@google-cloud/run';
import { cloudRunMemoryMb } from '../../targets/container/cloud-run.ts';
import { leastCpu } from '../../targets/gcf/limits.ts';
import { conflict } from '../options.ts';
import type { SecretVariable } from '../pairs.ts';
import { keptCpu, parseMemory } from '../service-config.ts';
import type { CloudRunRequest, ContainerSettings } from './options.ts';

export type Container = protos.google.cloud.run.v2.IContainer;
type Variable = protos.google.cloud.run.v2.IEnvVar;

/** The container with the model; if there are several, the one that receives the requests. */
export function ownContainer(containers: readonly Container[] | null | undefined): Container {
  const all = containers ?? [];
  return all.find(({ ports }) => (ports ?? []).length > 0) ?? all[0] ?? {};
}

/** All containers, with the model's container replaced. */
export function replaceOwn(
  containers: readonly Container[] | null | undefined,
  next: Container,
): Container[] {
  const own = ownContainer(containers);
  const all = containers ?? [];
  return all.includes(own) ? all.map(container => (container === own ? next : container)) : [next];
}

/** Uses the options, then the container's current values, then the defaults. @throws ColdpressError OPTION_CONFLICT */
export function planContainer(
  { settings, manifest, project }: CloudRunRequest<ContainerSettings>,
  current: Container,
): Container & { resources: { limits: { cpu: string; memory: string } } } {
  const limits = current.resources?.limits ?? {};
  const memoryMb = settings.memoryMb ?? parseMemory(limits.memory) ?? cloudRunMemoryMb(manifest);
  const currentCpu = parseCpu(limits.cpu);
  const cpu = settings.cpu ?? keptCpu(currentCpu, memoryMb);
  if (cpu >= 1 && cpu < leastCpu(memoryMb)) {
    throw conflict(`${memoryMb} MiB of memory need --cpu ${leastCpu(memoryMb)}, and --cpu is ${cpu}`);
  }
  return {
    ...current,
    image: settings.image,
    resources: {
      ...current.resources,
      limits: {
        ...limits,
        memory: settings.memoryMb === undefined ? (limits.memory ?? `${memoryMb}Mi`) : `${memoryMb}Mi`,
        cpu: cpu === currentCpu ? limits.cpu! : String(cpu),
      },
    },
    env: mergeVariables(current.env ?? [], settings, project),
  };
}

function mergeVariables(
  current: readonly Variable[],
  settings: ContainerSettings,
  project: string,
): Variable[] {
  const variables = new Map(current.map(variable => [variable.name, variable]));
  for (const [name, value] of Object.entries(settings.env)) {
    variables.set(name, { name, value });
  }
  for (const secret of settings.secrets) {
    variables.set(secret.key, {
      name: secret.key,
      valueSource: { secretKeyRef: reference(secret, project) },
    });
  }
  return [...variables.values()];
}

/** https://cloud.google.com/run/docs/reference/rest/v2/Container#secretkeyselector */
function reference({ projectId, secret, version }: SecretVariable, project: string) {
  return { secret: projectId === project ? secret : `projects/${projectId}/secrets/${secret}`, version };
}

/** Parses vCPUs: `1`, `0.5`, `1000m`; 0 if there are none. */
export function parseCpu(text: string | null | undefined): number {
  const [, count, unit] = /^([\d.]+)(m?)$/.exec(text ?? '') ?? [];
  return count === undefined ? 0 : Number(count) / (unit === 'm' ? 1000 : 1);
}

/** A container in the form used to report changes. */
export function viewContainer({ image, resources, env }: Container) {
  const all = env ?? [];
  return {
    image,
    memory: resources?.limits?.memory,
    cpu: resources?.limits?.cpu,
    env: Object.fromEntries(
      all.filter(({ valueSource }) => !valueSource).map(({ name, value }) => [name, value ?? '']),
    ),
    secrets: Object.fromEntries(
      all.flatMap(({ name, valueSource }) => {
        const { secret, version } = valueSource?.secretKeyRef ?? {};
        return secret ? [[name, `${secret}:${version || 'latest'}`]] : [];
      }),
    ),
  };
}
