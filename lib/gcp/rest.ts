import type { v2 } from '@google-cloud/functions';
import type { ResolvedPlace } from './place.ts';

export type Call = <Answer>(
  method: 'GET' | 'POST' | 'PATCH' | 'PUT',
  api: string,
  path: string,
  body?: object,
) => Promise<Answer>;

/** Calls Google APIs for which no client is installed, with the credentials of one that is. */
export function restCalls(
  client: v2.FunctionServiceClient,
  { endpoint }: Pick<ResolvedPlace, 'endpoint'>,
): Call {
  if (endpoint?.protocol === 'http:') {
    return tokenCalls(undefined, { endpoint });
  }
  return async <Answer>(method: string, api: string, path: string, body?: object) => {
    const { data } = await client.auth.request<Answer>({
      method: method as 'GET',
      url: urlOf(endpoint, api, path),
      ...(body && { data: body }),
    });
    return data as Answer;
  };
}

/** Calls Google APIs without any client. @param getToken - `undefined` for a server that needs no token */
export function tokenCalls(
  getToken: (() => Promise<string>) | undefined,
  { endpoint }: Pick<ResolvedPlace, 'endpoint'>,
): Call {
  return async <Answer>(method: string, api: string, path: string, body?: object) => {
    const response = await fetch(urlOf(endpoint, api, path), {
      method,
      headers: {
        'content-type': 'application/json',
        ...(getToken && { authorization: `Bearer ${await getToken()}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Answer & { error?: { message?: string } };
    if (!response.ok) {
      throw Object.assign(new Error(answer.error?.message), { code: response.status });
    }
    return answer;
  };
}

/** Whether a call failed because the resource does not exist. */
export function isMissing(error: unknown): boolean {
  const { code, status } = error as { code?: number | string; status?: number };
  return Number(code) === 404 || status === 404;
}

function urlOf(endpoint: URL | undefined, api: string, path: string): string {
  return `${endpoint?.origin ?? `https://${api}.googleapis.com`}/${path}`;
}
