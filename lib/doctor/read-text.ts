import { stripVTControlCharacters } from 'node:util';
import { ColdpressError } from '../errors.ts';

/**
 * Decodes UTF-8, or UTF-16 with a byte order mark, which PowerShell's `>` writes; removes terminal colours.
 * @param name - name of the source in errors
 * @throws ColdpressError FILE_UNREADABLE if it is binary
 */
export function readText(bytes: Uint8Array, name: string): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
  if (isBinary(text)) {
    throw new ColdpressError('FILE_UNREADABLE', `${name} is not a text file`, {
      hint: 'pass a model or an artifact by its path: npx coldpress doctor PATH',
    });
  }
  return stripVTControlCharacters(text);
}

const sampleLength = 4096;

/** A log may contain a few invalid bytes; NUL, or many invalid bytes, make it binary. */
function isBinary(text: string): boolean {
  const sample = text.slice(0, sampleLength);
  const foreign = sample.match(/\uFFFD/g)?.length ?? 0;
  return sample.includes('\0') || foreign > sample.length / 10;
}

/** One line of foreign text, without characters that control a terminal. */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/[\p{Cc}\p{Cf}\uFFFD\s]+/gu, ' ')
    .trim();
}
