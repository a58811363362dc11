import type { IncomingMessage } from 'node:http';
import { RequestError } from '../errors.ts';
import { refuse } from '../http/respond.ts';
import type { HttpResponse } from '../http/types.ts';
import type { Hold } from './hold-bodies.ts';
import { readAll } from './read-all.ts';

/** Requests that come again meet an instance with room, or another. */
const full = new RequestError(
  503,
  'BUSY',
  'this instance holds as many bytes of requests as it has room for',
);

/** What `HttpPlatform.hold` does, by the hold of one request. */
export function holdOrRefuse(hold: Hold): (bytes: number) => void {
  return bytes => {
    if (!hold.add(bytes)) {
      throw full;
    }
  };
}

/** Reads a body, and keeps no more of it than the platform carries and the instance has room for. */
export async function takeBody(
  request: IncomingMessage,
  { limitBytes, hold }: { limitBytes: number; hold: Hold },
): Promise<{ bytes: Buffer; refusal?: undefined } | { refusal: HttpResponse }> {
  let keptBytes = 0;
  const { bytes, sizeBytes, fits } = await readAll(request, sizeBytes => {
    const fits = sizeBytes <= limitBytes && hold.add(sizeBytes - keptBytes);
    keptBytes = sizeBytes;
    return fits;
  });
  if (sizeBytes > limitBytes) {
    return { refusal: refuse(413, `the body has ${sizeBytes} bytes; at most ${limitBytes} are taken here`) };
  }
  return fits ? { bytes } : { refusal: refuse(full.status, full.message) };
}
