import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';

/** Long enough for a slow connection, short enough for a user who waits. */
const probeMs = 3000;

/** The environment variables from which npm reads its proxy. */
const proxyNames = [
  'npm_config_https_proxy',
  'npm_config_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'http_proxy',
  'HTTP_PROXY',
  'proxy',
];

/**
 * Checks whether the package registry can be reached; npm itself retries for minutes.
 * @returns the host that cannot be reached, or `undefined`
 */
export async function unreachableRegistry(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const proxy = proxyNames.map(name => env[name]).find(value => value);
  const url = URL.parse(proxy ?? env.npm_config_registry ?? (await registryOfNpm(env)));
  if (url === null) {
    return undefined;
  }
  const port = Number(url.port) || (url.protocol === 'http:' ? 80 : 443);
  return (await connects(url.hostname.replace(/^\[|\]$/g, ''), port)) ? undefined : url.host;
}

/** The registry in npm's settings, or npm's default; empty if npm fails. */
async function registryOfNpm(env: NodeJS.ProcessEnv): Promise<string> {
  const options = { env, shell: process.platform === 'win32' };
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry'], options).catch(() => ({
    stdout: '',
  }));
  return stdout.trim();
}

function connects(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host, port });
    const end = (isReachable: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isReachable);
    };
    // Includes the time of the DNS lookup; a socket's own timeout starts after it.
    const timer = setTimeout(() => end(false), probeMs);
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
