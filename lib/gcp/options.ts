import { archivesOf, openArtifact } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { defaultMemoryMb, memoryQuota } from '../targets/gcf-memory.ts';
import { parseTrigger, type Trigger } from './trigger.ts';

/** Where a function is, and by which server it is asked. */
export interface Place {
  project?: string | undefined;
  region?: string | undefined;
  /** The function's and its service's name. @default the manifest's */
  name?: string | undefined;
  /** `http://127.0.0.1:8080`: a local server in place of Google's. @default Google's */
  endpoint?: string | undefined;
}

/** What `coldpress deploy` is told. */
export interface DeployOptions extends Place {
  /** `http`, `pubsub:TOPIC` or `gcs:BUCKET`. @default http */
  trigger?: string | undefined;
  /** MiB. @default what the model needs */
  memory?: number | undefined;
  /** vCPUs. @default 1: with less there is no concurrency */
  cpu?: number | undefined;
  /** Requests that one instance gets at once. @default 80, or 1 below one vCPU */
  concurrency?: number | undefined;
  /** @default 0 */
  minInstances?: number | undefined;
  /** `all`, `internal` or `internal-and-gclb`. @default all */
  ingress?: string | undefined;
  /** Seconds. @default 60 */
  timeout?: number | undefined;
  allowUnauthenticated?: boolean | undefined;
  /** Has the new revision get no traffic. @default true: it gets all */
  traffic?: boolean | undefined;
  /** A name for the new revision, which is part of a URL of its own. */
  tag?: string | undefined;
}

/** Every decision made. */
export interface DeployPlan extends ResolvedPlace {
  manifest: Manifest;
  zipPath: string;
  trigger: Trigger;
  memoryMb: number;
  cpu: number;
  concurrency: number;
  minInstances: number;
  ingress: keyof typeof ingressSettings;
  timeoutSeconds: number;
  allowUnauthenticated: boolean;
  traffic: boolean;
  tag: string | undefined;
}

export interface ResolvedPlace {
  project: string;
  region: string;
  name: string;
  endpoint: URL | undefined;
}

/** https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions#ingresssettings */
export const ingressSettings = {
  all: 'ALLOW_ALL',
  internal: 'ALLOW_INTERNAL_ONLY',
  'internal-and-gclb': 'ALLOW_INTERNAL_AND_GCLB',
} as const;

const defaults = { cpu: 1, concurrency: 80, minInstances: 0, ingress: 'all', timeoutSeconds: 60 } as const;

/** https://cloud.google.com/run/quotas */
const ranges = {
  memory: { least: memoryQuota.leastMb, most: memoryQuota.mostMb },
  cpu: { least: 0.08, most: 8 },
  concurrency: { least: 1, most: 1000 },
  'min-instances': { least: 0, most: 1000 },
  timeout: { least: 1, most: 3600 },
} as const;

/** @throws ColdpressError OPTION_MISSING, OPTION_INVALID, OPTION_CONFLICT, and what `openArtifact` throws */
export function resolveDeploy(dir: string, options: DeployOptions): DeployPlan {
  const artifact = openArtifact(dir, { target: 'gcf' });
  const { manifest } = artifact;
  const { cpu = defaults.cpu, traffic = true, tag, allowUnauthenticated = false } = options;
  const concurrency = options.concurrency ?? (cpu < 1 ? 1 : defaults.concurrency);
  const plan = {
    ...resolvePlace(options, manifest.name),
    manifest,
    zipPath: archivesOf(artifact).functionZip,
    trigger: parseTrigger(options.trigger ?? 'http'),
    memoryMb: inRange('memory', options.memory ?? defaultMemoryMb(manifest)),
    cpu: inRange('cpu', cpu),
    concurrency: inRange('concurrency', concurrency),
    minInstances: inRange('min-instances', options.minInstances ?? defaults.minInstances),
    ingress: checkIngress(options.ingress ?? defaults.ingress),
    timeoutSeconds: inRange('timeout', options.timeout ?? defaults.timeoutSeconds),
    ...{ traffic, tag, allowUnauthenticated },
  };
  if (cpu < 1 && concurrency > 1) {
    throw conflict(`--concurrency ${concurrency} needs a whole CPU, and --cpu is ${cpu}`);
  }
  if (plan.trigger.kind !== 'http' && (!traffic || tag !== undefined || allowUnauthenticated)) {
    throw conflict('--no-traffic, --tag and --allow-unauthenticated are for --trigger http');
  }
  return plan;
}

/** @throws ColdpressError OPTION_MISSING, OPTION_INVALID */
export function resolvePlace({ project, region, name, endpoint }: Place, otherwise: string): ResolvedPlace {
  if (project === undefined || region === undefined) {
    const missing = project === undefined ? '--project' : '--region';
    throw new ColdpressError('OPTION_MISSING', `${missing} is not given`, {
      hint: 'npx coldpress deploy build --project my-project --region europe-west1',
    });
  }
  return {
    ...{ project, region },
    name: toFunctionName(name ?? otherwise),
    endpoint: endpoint === undefined ? undefined : parseEndpoint(endpoint),
  };
}

/** A service's name is a DNS label; https://cloud.google.com/run/docs/deploying: 49 characters at the most. */
function toFunctionName(name: string): string {
  const label = name.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-');
  if (/^[a-z]([a-z0-9-]{0,47}[a-z0-9])?$/.test(label)) {
    return label;
  }
  throw new ColdpressError('OPTION_INVALID', `"${name}" cannot be the name of a function`, {
    hint: 'a letter, then letters, digits and hyphens, 49 at the most: --name',
  });
}

function parseEndpoint(text: string): URL {
  try {
    return new URL(text);
  } catch (cause) {
    throw new ColdpressError('OPTION_INVALID', `--endpoint is ${text}`, { hint: 'it takes a URL', cause });
  }
}

function checkIngress(text: string): keyof typeof ingressSettings {
  if (text in ingressSettings) {
    return text as keyof typeof ingressSettings;
  }
  const names = Object.keys(ingressSettings).join(', ');
  throw new ColdpressError('OPTION_INVALID', `--ingress is ${text}`, { hint: `one of: ${names}` });
}

function inRange(name: keyof typeof ranges, value: number): number {
  const { least, most } = ranges[name];
  if (value >= least && value <= most) {
    return value;
  }
  throw new ColdpressError('OPTION_INVALID', `--${name} is ${value}`, { hint: `from ${least} to ${most}` });
}

function conflict(message: string): ColdpressError {
  return new ColdpressError('OPTION_CONFLICT', message);
}
