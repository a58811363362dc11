import { isUtf8 } from 'node:buffer';
import { RequestError } from '../errors.ts';
import { byteLength, toBuffer } from './bytes.ts';
import { inflate } from './inflate.ts';
import type { HttpPlatform, HttpRequest } from './types.ts';

/**
 * A request's body, inflated. No more than the limit is ever held: neither of what arrives nor of what it inflates to.
 * @throws RequestError 400, 413 or 415
 */
export async function readBody(
  { body, headers }: HttpRequest,
  platform: HttpPlatform,
  limitBytes: number | null,
): Promise<string | Uint8Array> {
  const limit = Math.min(limitBytes ?? Number.POSITIVE_INFINITY, platform.maxRequestBytes);
  // A UTF-16 unit is 3 bytes of UTF-8 at the most, so that most texts need no count.
  if (typeof body !== 'string' || body.length * 3 > limit) {
    const size = byteLength(body);
    if (size > limit) {
      throw new RequestError(413, 'BODY_SIZE', `the body has ${size} bytes; at most ${limit} are taken here`);
    }
  }
  const encoding = headers['content-encoding']?.trim().toLowerCase() || 'identity';
  return encoding === 'identity' ? body : inflate(toBuffer(body), encoding, limit);
}

/** @throws RequestError 400 for what is not UTF-8 */
export function bodyText(body: string | Uint8Array): string {
  if (typeof body !== 'string' && !isUtf8(body)) {
    throw new RequestError(400, 'UTF8', 'the body is not valid UTF-8');
  }
  const text = typeof body === 'string' ? body : toBuffer(body).toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
