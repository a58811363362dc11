import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../cli/coldpress.ts';

/** Words that readers stumbled over, and what to write instead. */
const refused: [word: RegExp, instead: string][] = [
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\bwhoever\b/i, 'the caller, the owner'],
  [/\bwho asks\b/i, 'the caller'],
  [/\bput back\b/i, 'restore'],
  [/\bof before\b/i, 'earlier, previous'],
  [/\bgoes on where\b/i, 'resumes'],
  [/\bspeaks? of\b/i, 'mentions, names'],
  [/\bwhich there is not\b/i, 'unknown'],
  [/\bhonest export\b/i, 'unmodified export'],
];

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(ending) && !name.includes('node_modules'))
    .map(name => join(folder, name));
}

/** Lines of a file that people read: all of a page, and of code those that have text in quotes and are no comment. */
function linesOf(path: string): [number: number, line: string][] {
  const lines = readFileSync(join(root, path), 'utf8').split('\n');
  const numbered = lines.map((line, index): [number, string] => [index + 1, line]);
  if (path.endsWith('.md')) {
    return numbered;
  }
  return numbered.filter(([, line]) => !/^\s*(\/\/|\/?\*)/.test(line) && /['"`].*['"`]/.test(line));
}

const pages = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'bench/README.md',
  ...filesBelow('docs', '.md'),
  ...filesBelow('examples', '.md'),
];
const code = ['lib', 'handlers', 'bin'].flatMap(folder => filesBelow(folder, '.ts'));

test('pages, messages and hints have none of the words that readers stumbled over', () => {
  const found = [...pages, ...code].flatMap(path =>
    linesOf(path).flatMap(([number, line]) =>
      refused
        .filter(([word]) => word.test(line))
        .map(([word, instead]) => `${path}:${number}: ${word.exec(line)![0]}: write "${instead}"`),
    ),
  );
  expect(found).toEqual([]);
});
