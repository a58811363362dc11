import { fileURLToPath } from 'node:url';
import type { Manifest } from '../../contract/manifest.ts';
import { heapLimitMb } from '../../targets/gcf/memory.ts';
import type { Host } from '../host.ts';

/** The kind of call: an HTTP request or an event. */
export type Signature = 'http' | 'cloudevent';

/** The export of `handlers/gcf.ts` for each. */
export const entryPoints = { http: 'http', cloudevent: 'event' } as const satisfies Record<Signature, string>;

/**
 * The complete environment of the function's process: Cloud Run's variables and the user's, none of this machine's.
 * https://cloud.google.com/run/docs/container-contract#services-env-vars
 */
export function gcfEnvironment(options: {
  manifest: Manifest;
  host: Host;
  signature: Signature;
  port: number;
  memoryMb: number;
  timeoutSeconds: number;
  env: Record<string, string>;
}): Record<string, string> {
  const { manifest, host, signature, memoryMb } = options;
  return {
    ...machine(host),
    HOME: '/root',
    NODE_ENV: 'production',
    ...options.env,
    NODE_OPTIONS: nodeOptions(
      options.env.NODE_OPTIONS ?? `--max-old-space-size=${heapLimitMb(manifest, memoryMb)}`,
    ),
    PORT: String(options.port),
    K_SERVICE: manifest.name,
    K_REVISION: `${manifest.name}-00001-abc`,
    K_CONFIGURATION: manifest.name,
    CLOUD_RUN_TIMEOUT_SECONDS: String(options.timeoutSeconds),
    FUNCTION_TARGET: entryPoints[signature],
    FUNCTION_SIGNATURE_TYPE: signature,
  };
}

const loopback = fileURLToPath(new URL('./loopback.cjs', import.meta.url));

/** Quoted for NODE_OPTIONS, where backslashes escape. */
function nodeOptions(own: string): string {
  return `${own} --require ${JSON.stringify(loopback)}`;
}

function machine({ platform, env }: Host): Record<string, string> {
  // Windows cannot start a program without SystemRoot, and has no /tmp.
  if (platform === 'win32') {
    return { PATH: '', SystemRoot: env.SystemRoot ?? '', TEMP: env.TEMP ?? '' };
  }
  return { PATH: '/usr/local/bin:/usr/bin:/bin' };
}
