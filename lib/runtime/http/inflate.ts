import { RequestError, shorten } from '../errors.ts';
import { acceptedEncodings } from './accepted-encodings.ts';

const inflaters = {
  gzip: 'gunzip',
  'x-gzip': 'gunzip',
  br: 'brotliDecompress',
  deflate: 'inflate',
} as const;

type Inflate = (
  body: Buffer,
  options: { maxOutputLength: number },
  callback: (error: Error | null, inflated: Buffer) => void,
) => void;

/** Bodies inflate one at a time: in parallel, many at the limit would be in memory before the first is done. */
let last: Promise<void> = Promise.resolve();

function ignore() {}

/**
 * Inflates a body on another thread, and stops as soon as it exceeds the limit.
 * @throws RequestError 400 if the body does not inflate, 413 above the limit, 415 for another encoding
 */
export async function inflate(body: Buffer, encoding: string, limitBytes: number): Promise<Buffer> {
  if (!Object.hasOwn(inflaters, encoding)) {
    const named = shorten(encoding, 100);
    throw new RequestError(
      415,
      'ENCODING',
      `the header content-encoding is ${named}; expected ${acceptedEncodings}`,
    );
  }
  // Loaded on first use, because it costs more than the rest of a small request.
  const zlib = process.getBuiltinModule('node:zlib');
  const start: Inflate = zlib[inflaters[encoding as keyof typeof inflaters]];
  const run = () =>
    new Promise<Buffer>((resolve, reject) => {
      start(body, { maxOutputLength: limitBytes }, (error, inflated) =>
        error === null ? resolve(inflated) : reject(error),
      );
    });
  const inflated = last.then(run);
  // Drops the value, which would otherwise stay in memory until the next body.
  last = inflated.then(ignore, ignore);
  try {
    return await inflated;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ERR_BUFFER_TOO_LARGE'
      ? new RequestError(
          413,
          'BODY_SIZE',
          `the body inflates to more than the ${limitBytes} bytes that are accepted`,
        )
      : new RequestError(
          400,
          'ENCODING',
          `the header content-encoding is ${encoding}, but the body is not valid ${encoding}`,
        );
  }
}
