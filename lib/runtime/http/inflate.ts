import { RequestError } from '../errors.ts';

const inflaters = {
  gzip: 'gunzipSync',
  'x-gzip': 'gunzipSync',
  br: 'brotliDecompressSync',
  deflate: 'inflateSync',
} as const;

/** What `Content-Encoding` may say, for the header that tells a client. */
export const takenEncodings = 'gzip, br, deflate';

/**
 * Inflates a body, and stops as soon as it grows past the limit.
 * @throws RequestError 400 for what does not inflate, 413 past the limit, 415 for another encoding
 */
export async function inflate(body: Buffer, encoding: string, limitBytes: number): Promise<Buffer> {
  if (!Object.hasOwn(inflaters, encoding)) {
    throw new RequestError(
      415,
      'ENCODING',
      `the header content-encoding is ${encoding}; expected ${takenEncodings}`,
    );
  }
  // Loaded when first needed: it costs more than all else of a small request.
  const zlib = await import('node:zlib');
  try {
    return zlib[inflaters[encoding as keyof typeof inflaters]](body, { maxOutputLength: limitBytes });
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
