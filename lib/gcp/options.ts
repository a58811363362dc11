import { archivesOf, openArtifact } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { gcfDefaults as defaults } from '../targets/gcf/defaults.ts';
import { gcfLimits, leastCpu } from '../targets/gcf/limits.ts';
import { defaultMemoryMb } from '../targets/gcf/memory.ts';
import { checkRange } from '../targets/range.ts';
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
  /** vCPUs. @default 1, or what more memory needs: with less than 1 there is no concurrency */
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

/** @throws ColdpressError OPTION_MISSING, OPTION_INVALID, OPTION_OUT_OF_RANGE, OPTION_CONFLICT, and what `openArtifact` throws */
export function resolveDeploy(dir: string, options: DeployOptions): DeployPlan {
  const artifact = openArtifact(dir, { target: 'gcf' });
  const { manifest } = artifact;
  const { traffic = true, tag, allowUnauthenticated = false } = options;
  const memoryMb = checkRange('--memory', options.memory ?? defaultMemoryMb(manifest), {
    range: gcfLimits.memoryMb,
    unit: 'MiB',
  });
  const cpu = checkRange('--cpu', options.cpu ?? leastCpu(memoryMb), {
    range: gcfLimits.cpu,
    isWhole: false,
  });
  const concurrency = options.concurrency ?? (cpu < 1 ? 1 : defaults.concurrency);
  const plan = {
    ...resolvePlace(options, manifest.name),
    manifest,
    zipPath: archivesOf(artifact).functionZip,
    trigger: parseTrigger(options.trigger ?? 'http'),
    memoryMb,
    cpu,
    concurrency: checkRange('--concurrency', concurrency, { range: gcfLimits.concurrency }),
    minInstances: checkRange('--min-instances', options.minInstances ?? defaults.minInstances, {
      range: gcfLimits.minInstances,
    }),
    ingress: checkIngress(options.ingress ?? 'all'),
    timeoutSeconds: checkRange('--timeout', options.timeout ?? defaults.timeoutSeconds, {
      range: gcfLimits.timeoutSeconds,
      unit: 'seconds',
    }),
    ...{ traffic, tag, allowUnauthenticated },
  };
  if (cpu < 1 && concurrency > 1) {
    throw conflict(`--concurrency ${concurrency} needs a whole CPU, and --cpu is ${cpu}`);
  }
  if (cpu < leastCpu(memoryMb) && cpu >= 1) {
    throw conflict(`--memory ${memoryMb} needs --cpu ${leastCpu(memoryMb)}, and --cpu is ${cpu}`);
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

function conflict(message: string): ColdpressError {
  return new ColdpressError('OPTION_CONFLICT', message);
}
