import { archivesOf, openArtifact } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { gcfDefaults as defaults } from '../targets/gcf/defaults.ts';
import { gcfLimits, leastCpu } from '../targets/gcf/limits.ts';
import { defaultMemoryMb } from '../targets/gcf/memory.ts';
import { checkRange } from '../targets/range.ts';
import { type Place, type ResolvedPlace, resolvePlace } from './place.ts';
import { parseTrigger, type Trigger } from './trigger.ts';

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
