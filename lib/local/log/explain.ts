import type { Exception } from './exception.ts';
import type { Frame } from './frames.ts';

/** Longest excerpt of a line of code. */
const shownCharacters = 100;

/** `score.ts:17:9  throw new TypeError('no such class');` */
export function formatFrame({ file, line, column, code }: Frame): string {
  return `${file}:${line}:${column}  ${code.length > shownCharacters ? `${code.slice(0, shownCharacters)}…` : code}`;
}

/** A body that says what was thrown, for developers. In production, users receive "internal error". */
export function explainedBody({ message, frames }: Exception): Buffer {
  return Buffer.from(JSON.stringify({ error: message, at: frames.map(formatFrame) }));
}
