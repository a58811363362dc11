import { isUtf8 } from 'node:buffer';

/*
 * UTF-8 files are split into records as Latin-1, one character per byte, and each record is decoded separately, so that
 * invalid UTF-8 fails only its own record. The delimiters are ASCII, which both encodings share.
 */

const byteOrderMark = '\xef\xbb\xbf';

/** Returns the text of bytes, without a byte order mark. */
export async function* toLatin1(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const chunk of bytes) {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    yield isFirst && text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text;
    isFirst = false;
  }
}

/** @returns `undefined` if the bytes are not UTF-8 */
export function fromLatin1(text: string): string | undefined {
  if (!/[^\0-\x7f]/.test(text)) {
    return text;
  }
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : undefined;
}
