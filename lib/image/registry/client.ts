import { ColdpressError } from '../../errors.ts';
import type { Reference } from '../reference.ts';
import { authorize } from './authorize.ts';
import { parseChallenge } from './challenge.ts';
import { findCredentials } from './credentials.ts';
import { registryFailure } from './failure.ts';
import { BusyRegistry, busy, isTransient, type Pace, repeat, TransientFailure } from './repeat.ts';

export interface RegistryOptions {
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** Pause before the first retry. @default 500 */
  pauseMs?: number | undefined;
}

export interface RegistryRequest {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  /** A path below the repository, such as `manifests/1`, or a URL that the registry returned. */
  path: string | URL;
  headers?: Record<string, string>;
  /** A function if the body has to be read anew for each attempt. */
  body?: Uint8Array | (() => ReadableStream);
  /** Accepted statuses; any other is an error. */
  statuses: readonly number[];
  /** Disables retries, for a caller that can resume by itself. */
  once?: boolean;
}

/** A repository in a registry, with the authorization to access it. */
export interface Registry {
  readonly reference: Reference;
  readonly pace: Pace;
  /**
   * @throws ColdpressError REGISTRY_DENIED, REGISTRY_FULL, REGISTRY_RATE_LIMITED, REGISTRY_NOT_FOUND, REGISTRY_DIGEST,
   *   REGISTRY_FAILED, REGISTRY_UNREACHABLE, TAG_IMMUTABLE; TransientFailure for a request that is sent once
   */
  send(request: RegistryRequest): Promise<Response>;
  /** Returns the URL of a path and the authorization headers, for downloads. */
  locate(path: string): { url: URL; headers: Record<string, string> };
}

/**
 * Opens a repository without sending any request.
 * @param scopes - the intended access: `repository:team/model:pull,push`
 * @throws ColdpressError CREDENTIALS_INVALID, CREDENTIAL_HELPER
 */
export async function openRegistry(
  reference: Reference,
  scopes: readonly string[],
  { env, signal, pauseMs = 500 }: RegistryOptions,
): Promise<Registry> {
  const { registry, repository } = reference;
  const what = `${registry}/${repository}`;
  const origin = originOf(registry);
  const base = new URL(`${origin}/v2/${repository}/`);
  const credentials = await findCredentials(registry, env);
  const pace = { signal, pauseMs };
  let authorization: string | undefined;
  // Only sent to the registry itself, which may redirect uploads and downloads to other hosts.
  const proof = (url: URL) =>
    url.origin === origin && authorization !== undefined ? { authorization } : ({} as Record<string, string>);

  // Requests that are rejected at the same time share one token.
  let authorizing: Promise<string> | undefined;
  const prove = async (refused: Response) => {
    await refused.body?.cancel();
    const challenge = parseChallenge(refused.headers.get('www-authenticate'));
    authorizing ??= authorize(challenge, {
      registry,
      origin,
      credentials,
      scopes,
      send: (tokenUrl, init) => repeat(() => sendToken(tokenUrl, init, signal), pace),
    }).finally(() => {
      authorizing = undefined;
    });
    authorization = await authorizing;
  };

  const sendAuthorized = async (request: RegistryRequest, url: URL): Promise<Response> => {
    const attempt = () =>
      sendOnce(url, { ...request, headers: { ...request.headers, ...proof(url) } }, signal);
    const before = authorization;
    let response = await attempt();
    if (response.status === 401 && url.origin === origin) {
      if (authorization === before) {
        await prove(response);
      }
      response = await attempt();
    }
    if (isTransient(response.status) && !request.statuses.includes(response.status)) {
      throw await busy(response);
    }
    return response;
  };

  return {
    reference,
    pace,
    async send(request) {
      const url = new URL(request.path, base);
      const response = await (request.once
        ? sendAuthorized(request, url)
        : repeat(() => sendAuthorized(request, url), pace)
      ).catch(async error => {
        throw request.once ? error : await explain(what, error);
      });
      if (!request.statuses.includes(response.status)) {
        throw await registryFailure(what, response);
      }
      return response;
    },
    locate(path) {
      const url = new URL(path, base);
      return { url, headers: proof(url) };
    },
  };
}

/** Explains a permanent failure. */
export async function explain(what: string, error: unknown): Promise<unknown> {
  if (error instanceof BusyRegistry) {
    return registryFailure(what, error.response);
  }
  return error instanceof TransientFailure
    ? new ColdpressError(
        'REGISTRY_UNREACHABLE',
        `${what}: the registry cannot be reached: ${error.message}`,
        {
          hint: 'check the name and the network; a push that is repeated sends only what is missing',
          cause: error,
        },
      )
    : error;
}

/** Like Docker, uses HTTP without TLS only for a registry on the same machine. */
function originOf(registry: string): string {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
  return `${isLocal ? 'http' : 'https'}://${host}`;
}

async function sendOnce(
  url: URL,
  { method = 'GET', headers, body }: RegistryRequest,
  signal: AbortSignal,
): Promise<Response> {
  const isStream = typeof body === 'function';
  const init = {
    method,
    headers,
    signal,
    ...(body !== undefined && { body: isStream ? body() : body }),
    ...(isStream && { duplex: 'half' }),
  };
  return fetch(url, init as RequestInit).catch(cause => {
    throw transient(cause, signal);
  });
}

async function sendToken(url: URL, init: RequestInit, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { ...init, signal }).catch(cause => {
    throw transient(cause, signal, `${url.host}: `);
  });
  if (isTransient(response.status)) {
    throw await busy(response);
  }
  return response;
}

function transient(cause: Error & { cause?: Error }, signal: AbortSignal, where = ''): TransientFailure {
  signal.throwIfAborted();
  return new TransientFailure(`${where}${cause.cause?.message || cause.message}`, { cause });
}
