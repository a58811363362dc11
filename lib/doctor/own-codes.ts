import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from './pain.ts';
import { printable } from './read-text.ts';

/** Where the package lies, of a clone or installed: docs/ is in both. */
export const packageDir = dirname(
  createRequire(fileURLToPath(import.meta.url)).resolve('coldpress/package.json'),
);

/** What docs/errors.md says of coldpress's own codes: what it means, and what to do. */
function documentedCodes(): Map<string, { cause: string; fix: string }> {
  const text = readFileSync(join(packageDir, 'docs/errors.md'), 'utf8');
  const entries = text.matchAll(/^- <a id="(\w+)"><\/a>`\1`: (.+?\.) ([A-Z`].*)$/gm);
  return new Map([...entries].map(([, code, cause, fix]) => [code!, { cause: cause!, fix: fix! }]));
}

/**
 * As the command line and the constructs print it: alone, or `CODE: message`, perhaps behind a construct's path. Short
 * words in capitals are others' headings as often as codes; those are a function's, and stand in its answer as `code`.
 */
const printed = /^[^\S\n]*(?:[^\s:]+: )?([A-Z][A-Z0-9]*_[A-Z0-9_]+|USAGE|INTERRUPTED)(?:: .+)?$/;
const answered = /"code"\s*:\s*"([A-Z][A-Z0-9_]+)"/;
const either = new RegExp(`${printed.source}|${answered.source}`, 'gm');

/** coldpress's own errors in a text. */
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
