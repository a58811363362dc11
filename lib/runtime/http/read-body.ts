import { isUtf8 } from 'node:buffer';
import { RequestError } from '../errors.ts';
import { heapLimitBytes } from '../platform/heap.ts';
import { byteLength, toBuffer } from './bytes.ts';
import type { Exchange } from './endpoint.ts';
import { inflate } from './inflate.ts';
import type { HttpPlatform } from './types.ts';

/** Every instance has memory for such a body. */
const leastBytes = 2 ** 20;
/** Of the heap: a body is there as bytes, as text, and as all that is made of it. */
const heapShare = 24;

/** The most bytes of a body, as it comes and inflated. */
function limitOf({ bodyBytes, platform }: BodyLimits): number {
  const share = bodyBytes ?? Math.max(leastBytes, Math.floor(heapLimitBytes() / heapShare));
  return Math.min(share, platform.maxRequestBytes);
}

export interface BodyLimits {
  /** The config's. */
  bodyBytes: number | null;
  platform: Pick<HttpPlatform, 'maxRequestBytes'>;
}

/** Whether so many bytes are taken; of a small body, without a look at the memory. */
export function fits(sizeBytes: number, limits: BodyLimits): boolean {
  const { bodyBytes, platform } = limits;
  return (
    sizeBytes <= Math.min(bodyBytes ?? leastBytes, platform.maxRequestBytes) || sizeBytes <= limitOf(limits)
  );
}

export function tooLarge(sizeBytes: number, limits: BodyLimits): RequestError {
  const message = `the body has ${sizeBytes} bytes; at most ${limitOf(limits)} are taken here`;
  return new RequestError(413, 'BODY_SIZE', message);
}

/**
 * A request's body, inflated. No more than the limit is ever held: neither of what arrives nor of what it inflates to.
 * @throws RequestError 400, 413, 415 or 503
 */
export async function readBody({
  request: { body, headers },
  platform,
  endpoint,
}: Exchange): Promise<string | Uint8Array> {
  const limits = { bodyBytes: endpoint.plan.limits.bodyBytes, platform };
  // A UTF-16 unit is 3 bytes of UTF-8 at the most, so that most texts need no count.
  const sizeAtMost = typeof body === 'string' ? body.length * 3 : body.byteLength;
  if (!fits(sizeAtMost, limits) && !fits(byteLength(body), limits)) {
    throw tooLarge(byteLength(body), limits);
  }
  const encoding = headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding === 'identity') {
    return body;
  }
  const inflated = await inflate(toBuffer(body), encoding, limitOf(limits));
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
