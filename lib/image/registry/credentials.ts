import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isObject } from '../../contract/is-object.ts';
import { ColdpressError } from '../../errors.ts';

export type Credentials =
  | { kind: 'password'; username: string; password: string }
  /** An OAuth 2 refresh token, as `az acr login` stores it. */
  | { kind: 'identity'; token: string };

interface DockerConfig {
  auths?: Record<string, { auth?: string; username?: string; password?: string; identitytoken?: string }>;
  credHelpers?: Record<string, string>;
  credsStore?: string;
}

/**
 * Finds the credentials that `docker login`, or a cloud's credential helper, stores for a registry; `undefined` if
 * there are none. https://docs.docker.com/reference/cli/docker/login/#credential-stores
 * @throws ColdpressError CREDENTIALS_INVALID, CREDENTIAL_HELPER
 */
export async function findCredentials(
  registry: string,
  env: NodeJS.ProcessEnv,
): Promise<Credentials | undefined> {
  const path = join(env.DOCKER_CONFIG ?? join(env.HOME ?? homedir(), '.docker'), 'config.json');
  const { auths = {}, credHelpers = {}, credsStore } = await readConfig(path);
  const keys = keysOf(registry);
  const helper = keys.map(key => credHelpers[key]).find(name => name !== undefined) ?? credsStore;
  if (helper !== undefined && helper !== '') {
    const found = await runHelper(helper, { server: keys[0]!, path, env });
    if (found !== undefined) {
      return found;
    }
  }
  const entry = keys.map(key => auths[key]).find(isObject);
  return entry === undefined ? undefined : parseEntry(entry);
}

/** The possible keys of a registry in a config, most common first. */
function keysOf(registry: string): string[] {
  const hub = registry === 'docker.io' ? ['https://index.docker.io/v1/', 'index.docker.io'] : [];
  return [...hub, registry, ...['', '/v1/', '/v2/', '/'].map(end => `https://${registry}${end}`)];
}

async function readConfig(path: string): Promise<DockerConfig> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (!isObject(value)) {
      throw new Error('it is not an object');
    }
    return value;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return {};
    }
    // A parser's message may quote the invalid text, which may be a password.
    const reason = error instanceof SyntaxError ? 'it is not valid JSON' : (error as Error).message;
    throw new ColdpressError('CREDENTIALS_INVALID', `${path}: ${reason}`, {
      hint: 'restore the file, or remove it and run docker login again',
    });
  }
}

function parseEntry(entry: NonNullable<DockerConfig['auths']>[string]): Credentials | undefined {
  if (entry.identitytoken) {
    return { kind: 'identity', token: entry.identitytoken };
  }
  const pair = Buffer.from(entry.auth ?? '', 'base64').toString();
  const at = pair.indexOf(':');
  const [username, password] =
    at > 0 ? [pair.slice(0, at), pair.slice(at + 1).replace(/\0+$/, '')] : [entry.username, entry.password];
  return username && password ? { kind: 'password', username, password } : undefined;
}

/** https://github.com/docker/docker-credential-helpers#development */
async function runHelper(
  name: string,
  { server, path, env }: { server: string; path: string; env: NodeJS.ProcessEnv },
): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  const fail = (reason: string, hint: string) =>
    new ColdpressError('CREDENTIAL_HELPER', `${program}, which ${path} names for ${server}, ${reason}`, {
      hint,
    });
  if (!/^[\w.-]+$/.test(name)) {
    throw fail('has a name that no program has', 'correct credHelpers or credsStore in the file');
  }
  const child = spawn(program, ['get'], { env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  child.stdin.on('error', () => {});
  child.stdin.end(`${server}\n`);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]).catch(() => {
    throw fail('cannot be started', 'install it, or remove its line from the file and run docker login');
  });
  if (code !== 0) {
    // Helpers print their errors on stdout.
    const reason = `${out.trim()} ${err.trim()}`.trim().split('\n')[0]!.slice(0, 200);
    if (/credentials not found/i.test(reason)) {
      return undefined;
    }
    throw fail(
      `ends with ${code}: ${reason}`,
      'log in to the cloud whose helper it is, and run the command again',
    );
  }
  return (
    parseAnswer(out) ??
    Promise.reject(fail('answers no user and secret', `run: echo ${server} | ${program} get`))
  );
}

function parseAnswer(out: string): Credentials | undefined {
  try {
    const { Username: username, Secret: password } = JSON.parse(out);
    if (typeof username !== 'string' || typeof password !== 'string') {
      return undefined;
    }
    return username === '<token>'
      ? { kind: 'identity', token: password }
      : { kind: 'password', username, password };
  } catch {
    return undefined;
  }
}
