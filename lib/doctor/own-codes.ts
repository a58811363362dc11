import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearest } from '../nearest.ts';
import type { Finding } from './pain.ts';
import { printable } from './read-text.ts';

/** The package's folder, in a clone or installed: both contain docs/. */
export const packageDir = dirname(
  createRequire(fileURLToPath(import.meta.url)).resolve('coldpress/package.json'),
);

/** The meaning and fix of coldpress's own codes, from docs/errors.md. */
function documentedCodes(): Map<string, { cause: string; fix: string }> {
  const text = readFileSync(join(packageDir, 'docs/errors.md'), 'utf8');
  const entries = text.matchAll(/^- <a id="(\w+)"><\/a>`\1`: (.+?\.) ([A-Z`].*)$/gm);
  return new Map([...entries].map(([, code, cause, fix]) => [code!, { cause: cause!, fix: fix! }]));
}

/** The code that a misspelled one probably means. */
export function nearestCode(word: string): string | undefined {
  return /^[A-Z][A-Z0-9_]+$/.test(word) ? nearest(word, [...documentedCodes().keys()]) : undefined;
}

/**
 * A code as the command line and the constructs print it: alone, or as `CODE: message`, perhaps after a construct's
 * path, and after the name of the error if an app did not catch it. Short words in capitals may be other tools' headings, so those match only as `code` in a function's answer.
 */
const printed =
  /^[^\S\n]*(?:\[?ColdpressError: )?(?:[^\s:]+: )?([A-Z][A-Z0-9]*_[A-Z0-9_]+|USAGE|INTERRUPTED)(?:: .+)?$/;
const answered = /"code"\s*:\s*"([A-Z][A-Z0-9_]+)"/;
const either = new RegExp(`${printed.source}|${answered.source}`, 'gm');

/** Finds coldpress's own errors in a text. */
export function findOwnCodes(text: string, where: string): Finding[] {
  const lines = text.matchAll(either);
  const seen = new Map(
    [...lines].map(([evidence, own, inAnswer]) => [own ?? inAnswer!, printable(evidence)]),
  );
  if (seen.size === 0) {
    return [];
  }
  const codes = documentedCodes();
  return [...seen].flatMap(([code, evidence]) => {
    const entry = codes.get(code);
    return entry === undefined ? [] : { id: code, where, evidence, ...entry, link: `docs/errors.md#${code}` };
  });
}
