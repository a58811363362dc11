import { openArtifact } from '../../artifact.ts';
import { type Manifest, runsOn } from '../../contract/manifest.ts';
import { jobVariables } from '../../contract/platforms.ts';
import { ColdpressError } from '../../errors.ts';
import { cloudRunLimits } from '../../targets/container/cloud-run.ts';
import {
  choose,
  conflict,
  type DeployOptions,
  egressSettings,
  type FunctionSettings,
  ingressSettings,
  inRange,
  readEnvFile,
} from '../options.ts';
import { parsePairs, parseSecrets } from '../pairs.ts';
import { type ResolvedPlace, resolvePlace } from '../place.ts';

/** Options common to services and jobs. An existing deployment keeps the settings for which no option is set. */
export interface CloudRunOptions extends Omit<DeployOptions, 'trigger' | 'deadLetterTopic'> {
  /**
   * The image, by tag or digest, in a registry that Google can read:
   * `REGION-docker.pkg.dev/PROJECT/REPOSITORY/NAME@sha256:…`.
   */
  image?: string | undefined;
}

export interface JobOptions extends CloudRunOptions {
  /** The objects to score: `gs://BUCKET/FOLDER/`. @default the job's current value; required for a new job */
  input?: string | undefined;
  /**
   * Destination of the results: `gs://BUCKET/FOLDER/`. @default the job's current value, otherwise `scored/` in the
   * bucket of the input
   */
  output?: string | undefined;
  /** Number of tasks to divide the objects among. @default the job's current value, otherwise 1 */
  tasks?: number | undefined;
  /** Number of parallel tasks. @default the job's current value, otherwise as many as Google runs */
  parallelism?: number | undefined;
}

/** The validated options of a container. */
export interface ContainerSettings
  extends Pick<
      FunctionSettings,
      'memoryMb' | 'cpu' | 'timeoutSeconds' | 'serviceAccount' | 'vpcConnector' | 'egress'
    >,
    Pick<FunctionSettings, 'env' | 'secrets' | 'labels'> {
  image: string;
}

export interface ServiceSettings
  extends ContainerSettings,
    Pick<FunctionSettings, 'concurrency' | 'minInstances' | 'maxInstances' | 'ingress' | 'traffic'> {}

export interface JobSettings extends ContainerSettings {
  tasks: number | undefined;
  parallelism: number | undefined;
}

/** A deployment as far as it is known before the existing resources are read. */
export interface CloudRunRequest<Settings> extends ResolvedPlace {
  manifest: Manifest;
  settings: Settings;
}

export interface ServiceRequest extends CloudRunRequest<ServiceSettings> {
  allowUnauthenticated: boolean;
  tag: string | undefined;
}

export type JobRequest = CloudRunRequest<JobSettings>;

/**
 * @throws ColdpressError OPTION_MISSING, OPTION_INVALID, OPTION_OUT_OF_RANGE, OPTION_CONFLICT, ARTIFACT_ARCHITECTURE,
 * and the errors of `openArtifact`
 */
export function resolveService(dir: string, options: CloudRunOptions): ServiceRequest {
  const { cpu, concurrency, minInstances, maxInstances, tag, allowUnauthenticated = false } = options;
  const { place, manifest } = open(dir, options);
  if (cpu !== undefined && cpu < 1 && concurrency !== undefined && concurrency > 1) {
    throw conflict(`--concurrency ${concurrency} needs a whole CPU, and --cpu is ${cpu}`);
  }
  if (minInstances !== undefined && maxInstances !== undefined && minInstances > maxInstances) {
    throw conflict(`--min-instances ${minInstances} is more than --max-instances ${maxInstances}`);
  }
  return {
    ...place,
    manifest,
    settings: {
      ...containerSettings(options, place, cloudRunLimits.timeoutSeconds),
      concurrency: inRange('--concurrency', concurrency, { range: cloudRunLimits.concurrency }),
      minInstances: inRange('--min-instances', minInstances, { range: cloudRunLimits.minInstances }),
      maxInstances: inRange('--max-instances', maxInstances, { range: cloudRunLimits.maxInstances }),
      ingress: choose('ingress', options.ingress, ingressSettings),
      traffic: options.traffic,
    },
    tag,
    allowUnauthenticated,
  };
}

/** @throws ColdpressError as `resolveService` */
export function resolveJobDeployment(dir: string, options: JobOptions): JobRequest {
  const { place, manifest } = open(dir, options);
  const settings = containerSettings(options, place, cloudRunLimits.taskTimeoutSeconds);
  return {
    ...place,
    manifest,
    settings: {
      ...settings,
      env: {
        ...settings.env,
        ...folder('input', options.input, jobVariables.input),
        ...folder('output', options.output, jobVariables.output),
      },
      tasks: inRange('--tasks', options.tasks, { range: cloudRunLimits.tasks }),
      parallelism: inRange('--parallelism', options.parallelism, { range: cloudRunLimits.tasks }),
    },
  };
}

function open(dir: string, options: CloudRunOptions): { place: ResolvedPlace; manifest: Manifest } {
  const { manifest } = openArtifact(dir, { target: 'container' });
  if (!runsOn(manifest.architecture, 'x64')) {
    throw new ColdpressError(
      'ARTIFACT_ARCHITECTURE',
      `${dir} was packed for ${manifest.architecture}, and Cloud Run has x64`,
      { hint: 'pack it again with --arch x64' },
    );
  }
  return { place: resolvePlace(options, manifest.name), manifest };
}

function containerSettings(
  options: CloudRunOptions,
  { project }: ResolvedPlace,
  timeoutRange: readonly [number, number],
): ContainerSettings {
  return {
    image: parseImage(options.image),
    memoryMb: inRange('--memory', options.memory, { range: cloudRunLimits.memoryMb, unit: 'MiB' }),
    cpu: inRange('--cpu', options.cpu, { range: cloudRunLimits.cpu, isWhole: false }),
    timeoutSeconds: inRange('--timeout', options.timeout, { range: timeoutRange, unit: 'seconds' }),
    serviceAccount: options.serviceAccount,
    vpcConnector: options.vpcConnector,
    egress: choose('egress', options.egress, egressSettings),
    env: { ...readEnvFile(options.envVarsFile), ...parsePairs('env', options.env) },
    secrets: parseSecrets(options.secret, project),
    labels: parsePairs('label', options.label),
  };
}

function parseImage(image: string | undefined): string {
  if (image === undefined) {
    throw new ColdpressError('OPTION_MISSING', '--image is missing', {
      hint: 'the image in a registry: --image europe-west1-docker.pkg.dev/my-project/models/churn:1; docs/containers.md',
    });
  }
  if (!/^[^\s@]+\/[^\s@]+(@sha256:[0-9a-f]{64})?$/.test(image)) {
    throw new ColdpressError('OPTION_INVALID', `--image is ${image}`, {
      hint: 'as its registry names it: europe-west1-docker.pkg.dev/my-project/models/churn:1, or NAME@sha256:DIGEST',
    });
  }
  return image;
}

function folder(flag: string, text: string | undefined, variable: string): Record<string, string> {
  if (text === undefined) {
    return {};
  }
  if (!/^gs:\/\/[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](\/.*)?$/s.test(text)) {
    throw new ColdpressError('OPTION_INVALID', `--${flag} is ${text}`, {
      hint: 'use gs://BUCKET/FOLDER/',
    });
  }
  return { [variable]: text };
}
