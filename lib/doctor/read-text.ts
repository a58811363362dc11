import { stripVTControlCharacters } from 'node:util';
import { ColdpressError } from '../errors.ts';

/**
 * Text of UTF-8, or of UTF-16 with its mark, which is what PowerShell's `>` writes; without a terminal's colours.
 * @param name - what it is of, for the error
 * @throws ColdpressError FILE_UNREADABLE for what is no text
 */
export function readText(bytes: Uint8Array, name: string): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
  if (isBinary(text)) {
    throw new ColdpressError('FILE_UNREADABLE', `${name} is not a text file`, {
      hint: 'give a model or an artifact by its path: npx coldpress doctor PATH',
    });
  }
  return stripVTControlCharacters(text);
}

const sampleLength = 4096;

/** A log may have a few bytes that are no UTF-8; NUL, or many of them, make it binary. */
function isBinary(text: string): boolean {
  const sample = text.slice(0, sampleLength);
  const foreign = sample.match(/\uFFFD/g)?.length ?? 0;
  return sample.includes('\0') || foreign > sample.length / 10;
}

/** One line of text that somebody else wrote, without what a terminal would obey. */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/[\p{Cc}\p{Cf}\uFFFD\s]+/gu, ' ')
    .trim();
}
