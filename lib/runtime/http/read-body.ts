import { isUtf8 } from 'node:buffer';
import { RequestError } from '../errors.ts';
import { heapLimitBytes } from '../platform/heap.ts';
import { byteLength, toBuffer } from './bytes.ts';
import type { Exchange } from './endpoint.ts';
import { inflate } from './inflate.ts';

/** Every instance has memory for such a body. */
const leastBytes = 2 ** 20;
/** Of the heap: a body is there as bytes, as text, and as all that is made of it. */
const heapShare = 24;

/**
 * A request's body, inflated. No more than the limit is ever held: neither of what arrives nor of what it inflates to.
 * @throws RequestError 400, 413, 415 or 503
 */
export async function readBody({
  request: { body, headers },
  platform,
  endpoint,
}: Exchange): Promise<string | Uint8Array> {
  const { bodyBytes } = endpoint.plan.limits;
  // A UTF-16 unit is 3 bytes of UTF-8 at the most, so that most texts need no count.
  const sizeAtMost = typeof body === 'string' ? body.length * 3 : body.byteLength;
  const encoding = headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding === 'identity' && sizeAtMost <= Math.min(bodyBytes ?? leastBytes, platform.maxRequestBytes)) {
    return body;
  }
  const share = bodyBytes ?? Math.max(leastBytes, Math.floor(heapLimitBytes() / heapShare));
  const limit = Math.min(share, platform.maxRequestBytes);
  const size = byteLength(body);
  if (size > limit) {
    throw new RequestError(413, 'BODY_SIZE', `the body has ${size} bytes; at most ${limit} are taken here`);
  }
  if (encoding === 'identity') {
    return body;
  }
  const inflated = await inflate(toBuffer(body), encoding, limit);
  platform.hold?.(inflated.length);
  return inflated;
}

/** @throws RequestError 400 for what is not UTF-8 */
export function bodyText(body: string | Uint8Array): string {
  if (typeof body !== 'string' && !isUtf8(body)) {
    throw new RequestError(400, 'UTF8', 'the body is not valid UTF-8');
  }
  const text = typeof body === 'string' ? body : toBuffer(body).toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
