import { FetchFailure, statusFailure } from './failure.ts';
import type { PartRequest, RemotePart } from './part.ts';

/** Fetches by HTTP, from where the last attempt ended if the server still has the same file. Redirects are followed. */
export async function fetchHttp(
  { url, offsetBytes, validator, signal }: PartRequest,
  extra: Record<string, string> = {},
): Promise<RemotePart> {
  // Without a validator a part of another state of the file could be joined to this one.
  const from = validator === '' ? 0 : offsetBytes;
  const range = from === 0 ? undefined : { range: `bytes=${from}-`, 'if-range': validator };
  // Compressed on the way, sizes and ranges would count other bytes than the file's.
  const headers = { 'accept-encoding': 'identity', ...range, ...extra };
  const response = await fetch(url, { headers, signal }).catch(cause => {
    signal.throwIfAborted();
    const reason = cause.cause?.message ?? cause.message;
    throw new FetchFailure(`it cannot be reached: ${reason}`, {
      isTransient: true,
      hint: 'see that the host is right and the network is up',
      cause,
    });
  });
  if (url.protocol === 'https:' && new URL(response.url).protocol !== 'https:') {
    await response.body?.cancel();
    throw new FetchFailure(`it redirects to ${new URL(response.url).origin}, without TLS`, {
      isTransient: false,
      hint: 'give the URL that it should lead to',
    });
  }
  if (response.status !== 200 && response.status !== 206) {
    await response.body?.cancel();
    throw statusFailure(response.status);
  }
  return {
    body: response.body ?? emptyBody(),
    ...extentOf(response),
    validator: strongValidator(response.headers),
  };
}

function extentOf({ status, headers }: Response): { offsetBytes: number; totalBytes: number | undefined } {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (status === 206 && range !== null) {
    return { offsetBytes: Number(range[1]), totalBytes: range[2] === '*' ? undefined : Number(range[2]) };
  }
  const length = headers.get('content-length');
  return { offsetBytes: 0, totalBytes: length === null ? undefined : Number(length) };
}

/** If-Range takes no weak ETag: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5 */
function strongValidator(headers: Headers): string {
  const tag = headers.get('etag') ?? '';
  return tag.startsWith('"') ? tag : (headers.get('last-modified') ?? '');
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
