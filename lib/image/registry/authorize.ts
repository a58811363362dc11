import { ColdpressError } from '../../errors.ts';
import type { Challenge } from './challenge.ts';
import type { Credentials } from './credentials.ts';

interface TokenRequest {
  /** The registry's name, for messages. */
  registry: string;
  /** The registry's origin: a token server without TLS is only accepted if the registry itself has no TLS. */
  origin: string;
  credentials: Credentials | undefined;
  /** `repository:team/model:pull,push` */
  scopes: readonly string[];
  send(url: URL, init: RequestInit): Promise<Response>;
}

/**
 * Returns the Authorization header for a challenge: a password, or a token that the authorization server issues for
 * these scopes. https://distribution.github.io/distribution/spec/auth/token/
 * @throws ColdpressError REGISTRY_DENIED
 */
export async function authorize(challenge: Challenge | undefined, request: TokenRequest): Promise<string> {
  const { credentials } = request;
  if (challenge?.scheme === 'basic' && credentials?.kind === 'password') {
    return basic(credentials);
  }
  const realm = challenge?.scheme === 'bearer' ? challenge.parameters.realm : undefined;
  if (realm === undefined || !URL.canParse(realm)) {
    throw denied(
      request,
      credentials === undefined ? 'requires credentials' : 'accepts neither passwords nor tokens',
    );
  }
  const url = new URL(realm);
  if (url.protocol !== 'https:' && new URL(request.origin).protocol === 'https:') {
    throw denied(request, `sends credentials to ${url.origin}, without TLS`);
  }
  const service = challenge!.parameters.service;
  const response =
    credentials?.kind === 'identity'
      ? await exchange(url, { ...request, token: credentials.token, service })
      : await request.send(withQuery(url, request.scopes, service), {
          headers: credentials === undefined ? {} : { authorization: basic(credentials) },
        });
  if (!response.ok) {
    await response.body?.cancel();
    throw denied(request, `issues no token (${response.status} from ${url.host})`);
  }
  const answer = (await response.json().catch(() => ({}))) as { token?: unknown; access_token?: unknown };
  const token = answer.token ?? answer.access_token;
  if (typeof token !== 'string') {
    throw denied(request, `issues no token (the answer of ${url.host} contains none)`);
  }
  return `Bearer ${token}`;
}

function withQuery(realm: URL, scopes: readonly string[], service: string | undefined): URL {
  const url = new URL(realm);
  if (service !== undefined) {
    url.searchParams.set('service', service);
  }
  for (const scope of scopes) {
    url.searchParams.append('scope', scope);
  }
  return url;
}

/** https://distribution.github.io/distribution/spec/auth/oauth/ */
function exchange(
  url: URL,
  { send, scopes, token, service }: TokenRequest & { token: string; service: string | undefined },
): Promise<Response> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: 'coldpress',
    service: service ?? url.host,
    scope: scopes.join(' '),
    refresh_token: token,
  });
  return send(url, { method: 'POST', body: form });
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

export function denied(
  { registry, credentials }: Pick<TokenRequest, 'registry' | 'credentials'>,
  what: string,
): ColdpressError {
  return new ColdpressError('REGISTRY_DENIED', `${registry} ${what}`, {
    hint:
      credentials === undefined
        ? `log in: docker login ${registry}, or the cloud's own: aws ecr get-login-password, gcloud auth configure-docker, az acr login`
        : 'the login may have expired, or lack the right: log in again, with one that may push to this repository',
  });
}
