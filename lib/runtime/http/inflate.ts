import { RequestError, shorten } from '../errors.ts';

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

/** What `Content-Encoding` may say, for the header that tells a client. */
export const takenEncodings = 'gzip, br, deflate';

/** One at a time: many at once would hold as many bodies, each up to the limit, before the first is done. */
let last: Promise<void> = Promise.resolve();

function ignore() {}

/**
 * Inflates a body beside the event loop, and stops as soon as it grows past the limit.
 * @throws RequestError 400 for what does not inflate, 413 past the limit, 415 for another encoding
 */
export async function inflate(body: Buffer, encoding: string, limitBytes: number): Promise<Buffer> {
  if (!Object.hasOwn(inflaters, encoding)) {
    const named = shorten(encoding, 100);
    throw new RequestError(
      415,
      'ENCODING',
      `the header content-encoding is ${named}; expected ${takenEncodings}`,
    );
  }
  // Loaded when first needed: it costs more than all else of a small request.
  const zlib = process.getBuiltinModule('node:zlib');
  const start: Inflate = zlib[inflaters[encoding as keyof typeof inflaters]];
  const run = () =>
    new Promise<Buffer>((resolve, reject) => {
      start(body, { maxOutputLength: limitBytes }, (error, inflated) =>
        error === null ? resolve(inflated) : reject(error),
      );
    });
  const inflated = last.then(run);
  // Without its value, which would be kept until the next.
  last = inflated.then(ignore, ignore);
  try {
    return await inflated;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ERR_BUFFER_TOO_LARGE'
      ? new RequestError(
          413,
          'BODY_SIZE',
          `the body inflates to more than the ${limitBytes} bytes that are taken here`,
        )
      : new RequestError(
          400,
          'ENCODING',
          `the body is not the ${encoding} that its header content-encoding says`,
        );
  }
}
