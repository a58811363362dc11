import { cloudRunPayloadBytes, portVariables, sageMakerPayloadBytes } from '../../contract/platforms.ts';

/** How the process was started. */
export interface Start {
  env: NodeJS.ProcessEnv;
  /** The arguments after Node and the module. */
  args: readonly string[];
}

/** The requirements of a container platform for the server, apart from its routes. */
export interface ContainerPlatform {
  /** The name for messages. */
  name: string;
  matches(start: Start): boolean;
  /** Maximum bytes of a request and of an answer. */
  payloadBytes: number;
  /** Returns how long the platform waits for an answer. */
  timeoutSeconds(env: NodeJS.ProcessEnv): number;
  /** The platform whose telemetry format it reads. */
  logs: 'aws' | 'google';
  /** Times after SIGTERM. `leastMs`: requests may still be routed here, even if none has arrived lately. */
  shutdown: { leastMs: number; killMs: number };
}

const common = {
  payloadBytes: cloudRunPayloadBytes,
  timeoutSeconds: () => Number.POSITIVE_INFINITY,
  logs: 'google',
  // `docker stop` kills after 10 seconds.
  shutdown: { leastMs: 0, killMs: 10_000 },
} as const;

const isOneOf =
  (names: RegExp) =>
  ({ env }: Start) =>
    Object.keys(env).some(name => names.test(name));

/** The first match wins; the last entry matches everything. */
const platforms: readonly [...ContainerPlatform[], ContainerPlatform] = [
  // https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements
  { ...common, name: 'Vertex AI', matches: isOneOf(/^AIP_/) },
  // https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
  {
    ...common,
    name: 'SageMaker',
    matches: ({ env, args }) => args[0] === 'serve' || env.SAGEMAKER_BIND_TO_PORT !== undefined,
    payloadBytes: sageMakerPayloadBytes,
    timeoutSeconds: () => 60,
    logs: 'aws',
    shutdown: { leastMs: 0, killMs: 30_000 },
  },
  // The deployment sets port and routes:
  // https://learn.microsoft.com/azure/machine-learning/how-to-deploy-custom-container
  { ...common, name: 'Azure ML', matches: isOneOf(/^AZUREML_/) },
  // https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination: routing ends in parallel with
  // the signal, not before it.
  {
    ...common,
    name: 'Kubernetes',
    matches: ({ env }) => env.KUBERNETES_SERVICE_HOST !== undefined,
    shutdown: { leastMs: 5000, killMs: 30_000 },
  },
  // https://cloud.google.com/run/docs/container-contract
  {
    ...common,
    name: 'Cloud Run',
    matches: ({ env }) => env.K_SERVICE !== undefined,
    timeoutSeconds: env => Number(env.CLOUD_RUN_TIMEOUT_SECONDS) || Number.POSITIVE_INFINITY,
  },
  { ...common, name: 'this server', matches: () => true },
];

/** The resolved settings of the server. */
export interface ServerPlan extends Pick<ContainerPlatform, 'name' | 'payloadBytes' | 'logs' | 'shutdown'> {
  port: number;
  /** The address to listen on; `undefined`: every interface. */
  host: string | undefined;
  timeoutMs: number;
}

const defaultPort = 8080;

/**
 * Detects the platform on which the process runs.
 * @throws Error if an argument or the port is invalid
 */
export function resolveServer(start: Start): ServerPlan {
  const { env, args } = start;
  const unknown = args.length > 1 ? args[1] : args[0] === 'serve' ? undefined : args[0];
  if (unknown !== undefined) {
    throw new Error(`unknown argument "${unknown}"; expected serve, job, score, verify, --help or none`);
  }
  const platform = platforms.find(candidate => candidate.matches(start))!;
  const { name, payloadBytes, logs, shutdown } = platform;
  return {
    name,
    payloadBytes,
    logs,
    shutdown,
    port: readPort(env),
    host: env.COLDPRESS_HOST,
    timeoutMs: 1000 * platform.timeoutSeconds(env),
  };
}

function readPort(env: NodeJS.ProcessEnv): number {
  const variable = portVariables.find(name => env[name] !== undefined && env[name] !== '');
  if (variable === undefined) {
    return defaultPort;
  }
  const port = Number(env[variable]);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`${variable} is "${env[variable]}"; expected a port from 1 to 65535`);
  }
  return port;
}
