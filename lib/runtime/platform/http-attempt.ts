import { type Attempt, done } from './retry.ts';

/** Sends one request as an attempt: 408, 429, 5xx and a broken connection are worth a retry, other errors are not. */
export async function httpAttempt(url: string, init: RequestInit): Promise<Attempt> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    return { kind: 'again', error: new Error(`${new URL(url).host} cannot be reached`, { cause }) };
  }
  // A connection cannot be reused until its body is read.
  await response.arrayBuffer();
  if (response.ok) {
    return done;
  }
  const error = new Error(`${new URL(url).host} answers ${response.status}`);
  const passes = response.status === 429 || response.status === 408 || response.status >= 500;
  const seconds = Number(response.headers.get('retry-after'));
  return passes
    ? { kind: 'again', error, ...(seconds > 0 && { afterMs: 1000 * seconds }) }
    : { kind: 'never', error };
}
