import { isUtf8 } from 'node:buffer';
import { RequestError } from '../errors.ts';
import { heapLimitBytes } from '../platform/heap.ts';
import { byteLength, toBuffer } from './bytes.ts';
import type { Exchange } from './endpoint.ts';
import { loadOthers } from './load-others.ts';
import type { HttpPlatform } from './types.ts';

/** Every instance has enough memory for a body of this size. */
const leastBytes = 2 ** 20;
/** The divisor of the heap: a body is in memory as bytes, as text, and as everything made from it. */
const heapShare = 24;

/** Returns the maximum bytes of a body, both as received and inflated. */
function limitOf({ bodyBytes, platform }: BodyLimits): number {
  const share = bodyBytes ?? Math.max(leastBytes, Math.floor(heapLimitBytes() / heapShare));
  return Math.min(share, platform.maxRequestBytes);
}

export interface BodyLimits {
  /** The limit in the config. */
  bodyBytes: number | null;
  platform: Pick<HttpPlatform, 'maxRequestBytes'>;
}

/** Whether a body of this size is accepted; a small one is accepted without reading the heap's limit. */
export function fits(sizeBytes: number, limits: BodyLimits): boolean {
  const { bodyBytes, platform } = limits;
  return (
    sizeBytes <= Math.min(bodyBytes ?? leastBytes, platform.maxRequestBytes) || sizeBytes <= limitOf(limits)
  );
}

export function tooLarge(sizeBytes: number, limits: BodyLimits): RequestError {
  const message = `the body has ${sizeBytes} bytes; at most ${limitOf(limits)} are accepted`;
  return new RequestError(413, 'BODY_SIZE', message);
}

/**
 * Returns a request's body, inflated. Never keeps more than the limit in memory, neither received nor inflated.
 * @throws RequestError 400, 413, 415 or 503
 */
export async function readBody({
  request: { body, headers },
  platform,
  endpoint,
}: Exchange): Promise<string | Uint8Array> {
  const limits = { bodyBytes: endpoint.plan.limits.bodyBytes, platform };
  // A UTF-16 unit takes at most 3 bytes in UTF-8, so most texts need no exact count.
  const sizeAtMost = typeof body === 'string' ? body.length * 3 : body.byteLength;
  if (!fits(sizeAtMost, limits) && !fits(byteLength(body), limits)) {
    throw tooLarge(byteLength(body), limits);
  }
  const encoding = headers['content-encoding']?.trim().toLowerCase() || 'identity';
  if (encoding === 'identity') {
    return body;
  }
  const { inflate } = await loadOthers();
  const inflated = await inflate(toBuffer(body), encoding, limitOf(limits));
  platform.hold?.(inflated.length);
  return inflated;
}

/** Returns a body as text. @throws RequestError 400 if it is not valid UTF-8 */
export function bodyText(body: string | Uint8Array): string {
  if (typeof body !== 'string' && !isUtf8(body)) {
    throw new RequestError(400, 'UTF8', 'the body is not valid UTF-8');
  }
  const text = typeof body === 'string' ? body : toBuffer(body).toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
