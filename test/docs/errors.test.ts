import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { codesInSources } from './error-codes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = readFileSync(join(root, 'docs/errors.md'), 'utf8');
/** An entry: an anchor, the code, what it means and what to do. */
const documented = [...text.matchAll(/^- <a id="(\w+)"><\/a>`\1`: \S.*\. \S.*\.$/gm)].map(
  ([, code]) => code!,
);
const codes = codesInSources(root);

test('every code of the sources is in docs/errors.md', () => {
  const missing = [...codes].filter(([code]) => !documented.includes(code));
  expect(missing.map(([code, file]) => `${code}, made by ${file}, has no entry`)).toEqual([]);
});

test('every code in docs/errors.md is one of the sources', () => {
  expect(documented.filter(code => !codes.has(code)).map(code => `nothing makes ${code}`)).toEqual([]);
});

test('every entry has an anchor, a meaning and an advice, once', () => {
  const entries = text.match(/^- /gm) ?? [];
  expect(entries.length).toBe(documented.length);
  expect(documented.filter((code, index) => documented.indexOf(code) !== index)).toEqual([]);
});
