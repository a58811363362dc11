import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';

/** Long enough for a slow line, short enough for a person who waits. */
const probeMs = 3000;

/** What stands between this machine and the registry, by the names that npm reads. */
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
 * Finds out whether the registry of packages can be reached; npm itself tries for minutes.
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

/** From npm's own settings, its default included; nothing where npm does not answer. */
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
    // The time of a lookup counts: a socket's own timeout begins behind it.
    const timer = setTimeout(() => end(false), probeMs);
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
