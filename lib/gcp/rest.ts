import type { v2 } from '@google-cloud/functions';
import type { ResolvedPlace } from './place.ts';

export type Call = <Answer>(
  method: 'GET' | 'POST' | 'PATCH',
  api: string,
  path: string,
  body?: object,
) => Promise<Answer>;

/** Calls of Google's APIs that bring no client of their own, with the credentials of one that does. */
export function restCalls(client: v2.FunctionServiceClient, { endpoint }: ResolvedPlace): Call {
  return async <Answer>(method: string, api: string, path: string, body?: object) => {
    const url = `${endpoint?.origin ?? `https://${api}.googleapis.com`}/${path}`;
    if (endpoint?.protocol === 'http:') {
      const response = await fetch(url, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      const answer = (await response.json()) as Answer & { error?: { message?: string } };
      if (!response.ok) {
        throw Object.assign(new Error(answer.error?.message), { code: response.status });
      }
      return answer;
    }
    const { data } = await client.auth.request<Answer>({
      method: method as 'GET',
      url,
      ...(body && { data: body }),
    });
    return data as Answer;
  };
}
