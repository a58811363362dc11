import { isUtf8 } from 'node:buffer';

/*
 * Files of UTF-8 are cut into records as Latin-1, a character for each byte, and each record is decoded by itself: what
 * is not UTF-8 then fails alone. What is cut at is ASCII, which both have in common.
 */

const byteOrderMark = '\xef\xbb\xbf';

/** The text of bytes, without a byte order mark. */
export async function* toLatin1(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const chunk of bytes) {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    yield isFirst && text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text;
    isFirst = false;
  }
}

/** @returns `undefined` for what is not UTF-8 */
export function fromLatin1(text: string): string | undefined {
  if (!/[^\0-\x7f]/.test(text)) {
    return text;
  }
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : undefined;
}
