import { FetchFailure, statusFailure } from './failure.ts';
import type { PartRequest, RemotePart } from './part.ts';

const mostRedirects = 10;

/** Fetches over HTTP, and resumes the last attempt if the server still has the same file. */
export async function fetchHttp(
  { url, offsetBytes, validator, signal }: PartRequest,
  extra: Record<string, string> = {},
): Promise<RemotePart> {
  // Without a validator, parts of two versions of the file could be joined.
  const from = validator === '' ? 0 : offsetBytes;
  const range = from === 0 ? undefined : { range: `bytes=${from}-`, 'if-range': validator };
  // With compression, sizes and ranges would not count the file's own bytes.
  const headers = { 'accept-encoding': 'identity', ...range };
  const response = await follow(url, { headers, secret: extra, signal });
  if (response.status !== 200 && response.status !== 206) {
    await response.body?.cancel();
    throw statusFailure(response.status);
  }
  try {
    return {
      body: response.body ?? emptyBody(),
      ...extentOf(response, from),
      validator: strongValidator(response.headers),
    };
  } catch (error) {
    await response.body?.cancel();
    throw error;
  }
}

/** Follows redirects. Each must be as secure as the first URL. */
async function follow(
  first: URL,
  {
    headers,
    secret,
    signal,
  }: { headers: Record<string, string>; secret: Record<string, string>; signal: AbortSignal },
): Promise<Response> {
  let url = first;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    // Credentials are sent only to the host that they were found for.
    const own = url.origin === first.origin ? secret : {};
    const response = await send(url, { headers: { ...headers, ...own }, signal });
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) {
      return response;
    }
    await response.body?.cancel();
    url = nextHop(url, location);
  }
  throw refusedRedirect(`it redirects more than ${mostRedirects} times`);
}

async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'manual' });
  } catch (cause) {
    init.signal?.throwIfAborted();
    const { message, cause: reason } = cause as Error & { cause?: Error };
    throw new FetchFailure(`it cannot be reached: ${reason?.message ?? message}`, {
      isTransient: true,
      hint: 'see that the host is right and the network is up',
      cause,
    });
  }
}

/** @throws FetchFailure for a redirect that an attacker on the network could forge */
export function nextHop(url: URL, location: string): URL {
  if (!URL.canParse(location, url.href)) {
    throw refusedRedirect('it redirects to nothing that is a URL');
  }
  const next = new URL(location, url);
  const isHttp = next.protocol === 'https:' || (next.protocol === 'http:' && url.protocol === 'http:');
  if (!isHttp) {
    throw refusedRedirect(
      next.protocol === 'http:'
        ? `it redirects to ${next.origin}, without TLS`
        : `it redirects to ${next.protocol}`,
    );
  }
  if (next.username + next.password !== '') {
    throw refusedRedirect(`it redirects to a URL of ${next.host} with a password in it`);
  }
  return next;
}

function refusedRedirect(message: string): FetchFailure {
  return new FetchFailure(message, { isTransient: false, hint: 'pass the URL to which it redirects' });
}

/**
 * The part of the file that a response contains.
 * @throws FetchFailure for a part that was not requested
 */
function extentOf(
  { status, headers }: Response,
  from: number,
): { offsetBytes: number; totalBytes: number | undefined } {
  if (status === 206) {
    const [, start, end, total] =
      /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? [];
    if (Number(start) !== from || Number(end) < from || (total !== '*' && Number(total) <= Number(end))) {
      const range = headers.get('content-range')?.slice(0, 60) ?? 'no range';
      throw new FetchFailure(`the server returned ${range}; bytes from ${from} on were requested`, {
        isTransient: false,
        hint: 'its server does not support range requests: download the model yourself, and pass its path',
      });
    }
    return { offsetBytes: from, totalBytes: total === '*' ? undefined : Number(total) };
  }
  const length = headers.get('content-length');
  return { offsetBytes: 0, totalBytes: length === null ? undefined : Number(length) };
}

/** If-Range does not accept weak ETags: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5 */
function strongValidator(headers: Headers): string {
  const tag = headers.get('etag') ?? '';
  return tag.startsWith('"') ? tag : (headers.get('last-modified') ?? '');
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
