import type { IncomingMessage } from 'node:http';
import { RequestError } from '../errors.ts';
import { type BodyLimits, fits, tooLarge } from '../http/read-body.ts';
import { refuse } from '../http/respond.ts';
import type { HttpResponse } from '../http/types.ts';
import type { Hold } from './hold-bodies.ts';
import { readAll } from './read-all.ts';

/** A retried request reaches an instance with room, possibly another one. */
const full = new RequestError(503, 'BUSY', 'no memory is left for this request; retry later');

/** Implements `HttpPlatform.hold` with the hold of one request. */
export function holdOrRefuse(hold: Hold): (bytes: number) => void {
  return bytes => {
    if (!hold.add(bytes)) {
      throw full;
    }
  };
}

/** Reads a body, keeping no more than the function accepts and the instance has room for. */
export async function takeBody(
  request: IncomingMessage,
  { limits, hold }: { limits: BodyLimits; hold: Hold },
): Promise<{ bytes: Buffer; refusal?: undefined } | { refusal: HttpResponse }> {
  let keptBytes = 0;
  const body = await readAll(request, sizeBytes => {
    const isKept = fits(sizeBytes, limits) && hold.add(sizeBytes - keptBytes);
    keptBytes = sizeBytes;
    return isKept;
  });
  if (body.fits) {
    return { bytes: body.bytes };
  }
  const { status, message } = fits(body.sizeBytes, limits) ? full : tooLarge(body.sizeBytes, limits);
  return { refusal: refuse(status, message) };
}
