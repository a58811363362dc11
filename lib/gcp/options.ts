import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { archivesOf, openArtifact } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { choicesHint } from '../nearest.ts';
import { gcfLimits } from '../targets/gcf/limits.ts';
import { checkRange } from '../targets/range.ts';
import { type DriftRequest, resolveDrift } from './drift-schedule/options.ts';
import { parsePairs, parseSecrets, type SecretVariable } from './pairs.ts';
import { type Place, type ResolvedPlace, resolvePlace } from './place.ts';
import { parseTrigger, type Trigger } from './trigger.ts';

/**
 * Options of `coldpress deploy`. An existing function keeps the settings for which no option is set; the defaults apply
 * to new ones.
 */
export interface DeployOptions extends Place {
  /** `http`, `pubsub:TOPIC` or `gcs:BUCKET`. @default http */
  trigger?: string | undefined;
  /** Memory in MiB. @default what the model needs */
  memory?: number | undefined;
  /** vCPUs. @default 1, or more if the memory requires it; there is no concurrency with less than 1 */
  cpu?: number | undefined;
  /** Concurrent requests per instance. @default 80, or 1 below one vCPU */
  concurrency?: number | undefined;
  /** @default 0 */
  minInstances?: number | undefined;
  /** @default Google's, 100 */
  maxInstances?: number | undefined;
  /** `all`, `internal` or `internal-and-gclb`. @default all */
  ingress?: string | undefined;
  /** Timeout in seconds. @default 60 */
  timeout?: number | undefined;
  /** Environment variables, each as `NAME=VALUE`. @default none */
  env?: string[] | undefined;
  /** A file with one such variable per line. @default none */
  envVarsFile?: string | undefined;
  /** Variables from Secret Manager, each as `NAME=SECRET[:VERSION]`. @default none */
  secret?: string[] | undefined;
  /** Labels, each as `NAME=VALUE`. @default none */
  label?: string[] | undefined;
  /** Service account of the function. @default the project's default compute service account */
  serviceAccount?: string | undefined;
  /** A Serverless VPC Access connector. @default none */
  vpcConnector?: string | undefined;
  /** Traffic through the connector: `private` or `all`. @default private */
  egress?: string | undefined;
  /** Topic for events that failed five times, for event triggers. @default none */
  deadLetterTopic?: string | undefined;
  /** Schedule of drift checks, a cron expression in UTC: `0 6 * * *`. @default never */
  driftSchedule?: string | undefined;
  /** Service account of the drift function and of its caller. @default the function's own */
  driftServiceAccount?: string | undefined;
  allowUnauthenticated?: boolean | undefined;
  /** Whether the new revision receives the traffic. @default true */
  traffic?: boolean | undefined;
  /** Tag of the new revision, which becomes part of a URL of its own. */
  tag?: string | undefined;
}

/** The validated options; `undefined` for those that are not set. */
export interface FunctionSettings {
  trigger: Trigger | undefined;
  memoryMb: number | undefined;
  cpu: number | undefined;
  concurrency: number | undefined;
  minInstances: number | undefined;
  maxInstances: number | undefined;
  ingress: keyof typeof ingressSettings | undefined;
  timeoutSeconds: number | undefined;
  serviceAccount: string | undefined;
  vpcConnector: string | undefined;
  egress: keyof typeof egressSettings | undefined;
  traffic: boolean | undefined;
  env: Record<string, string>;
  secrets: SecretVariable[];
  labels: Record<string, string>;
}

/** A deployment as far as it is known before the existing function is read. */
export interface DeployRequest extends ResolvedPlace {
  manifest: Manifest;
  zipPath: string;
  settings: FunctionSettings;
  allowUnauthenticated: boolean;
  tag: string | undefined;
  deadLetterTopic: string | undefined;
  drift: DriftRequest | undefined;
}

/** https://cloud.google.com/functions/docs/reference/rest/v2/projects.locations.functions#ingresssettings */
export const ingressSettings = {
  all: 'ALLOW_ALL',
  internal: 'ALLOW_INTERNAL_ONLY',
  'internal-and-gclb': 'ALLOW_INTERNAL_AND_GCLB',
} as const;
export const egressSettings = { private: 'PRIVATE_RANGES_ONLY', all: 'ALL_TRAFFIC' } as const;

/** Converts a value to that of its flag. */
export function flagOf<Choices extends Record<string, string>>(
  choices: Choices,
  value: unknown,
): keyof Choices | undefined {
  return Object.keys(choices).find(name => choices[name] === value);
}

/**
 * @throws ColdpressError OPTION_MISSING, OPTION_INVALID, OPTION_OUT_OF_RANGE, OPTION_CONFLICT, and the errors of
 * `openArtifact`
 */
export function resolveDeploy(dir: string, options: DeployOptions): DeployRequest {
  const artifact = openArtifact(dir, { target: 'gcf' });
  const { manifest } = artifact;
  const { cpu, concurrency, minInstances, maxInstances, tag, allowUnauthenticated = false } = options;
  const place = resolvePlace(options, manifest.name);
  if (cpu !== undefined && cpu < 1 && concurrency !== undefined && concurrency > 1) {
    throw conflict(`--concurrency ${concurrency} needs a whole CPU, and --cpu is ${cpu}`);
  }
  if (minInstances !== undefined && maxInstances !== undefined && minInstances > maxInstances) {
    throw conflict(`--min-instances ${minInstances} is more than --max-instances ${maxInstances}`);
  }
  return {
    ...place,
    manifest,
    zipPath: archivesOf(artifact).functionZip,
    settings: {
      trigger: options.trigger === undefined ? undefined : parseTrigger(options.trigger),
      memoryMb: inRange('--memory', options.memory, { range: gcfLimits.memoryMb, unit: 'MiB' }),
      cpu: inRange('--cpu', cpu, { range: gcfLimits.cpu, isWhole: false }),
      concurrency: inRange('--concurrency', concurrency, { range: gcfLimits.concurrency }),
      minInstances: inRange('--min-instances', minInstances, { range: gcfLimits.minInstances }),
      maxInstances: inRange('--max-instances', maxInstances, { range: gcfLimits.maxInstances }),
      ingress: choose('ingress', options.ingress, ingressSettings),
      timeoutSeconds: inRange('--timeout', options.timeout, {
        range: gcfLimits.timeoutSeconds,
        unit: 'seconds',
      }),
      serviceAccount: options.serviceAccount,
      vpcConnector: options.vpcConnector,
      egress: choose('egress', options.egress, egressSettings),
      traffic: options.traffic,
      env: { ...readEnvFile(options.envVarsFile), ...parsePairs('env', options.env) },
      secrets: parseSecrets(options.secret, place.project),
      labels: parsePairs('label', options.label),
    },
    tag,
    allowUnauthenticated,
    deadLetterTopic: options.deadLetterTopic,
    drift: resolveDrift(options, { manifest, name: place.name }),
  };
}

export function choose<Choices extends object>(
  name: string,
  text: string | undefined,
  choices: Choices,
): keyof Choices | undefined {
  if (text === undefined || Object.hasOwn(choices, text)) {
    return text as keyof Choices | undefined;
  }
  throw new ColdpressError('OPTION_INVALID', `unknown --${name} ${text}`, {
    hint: choicesHint(text, Object.keys(choices)),
  });
}

export function inRange(
  option: string,
  value: number | undefined,
  range: Parameters<typeof checkRange>[2],
): number | undefined {
  return value === undefined ? undefined : checkRange(option, value, range);
}

/** @throws ColdpressError FILE_UNREADABLE */
export function readEnvFile(path: string | undefined): Record<string, string> {
  if (path === undefined) {
    return {};
  }
  try {
    return parseEnv(readFileSync(path, 'utf8')) as Record<string, string>;
  } catch (cause) {
    throw new ColdpressError('FILE_UNREADABLE', `--env-vars-file ${path} cannot be read`, {
      hint: 'check the path',
      cause,
    });
  }
}

export function conflict(message: string): ColdpressError {
  return new ColdpressError('OPTION_CONFLICT', message);
}
