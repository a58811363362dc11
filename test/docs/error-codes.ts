import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const literal = `'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)'`;

/** Where the sources write a code. */
const places = [
  // new ColdpressError('CODE', …), new RequestError(400, 'CODE', …), what subclasses pass on, and the short forms of them: bad('CODE', …).
  new RegExp(`\\b(?:\\w*Error|bad|super)\\(\\s*(?:\\d+,\\s*)?${literal}`, 'g'),
  // Rows of tables, and what errorAt takes.
  new RegExp(`\\bcode: ${literal}`, 'g'),
];
/** `const codes = { … };` and `const [code, …] = … ? … : …;` */
const variables = /\bconst \[?codes?\b[^;]*;/g;

/** Every code of an error that coldpress makes, with a file that makes it. */
export function codesInSources(root: string): Map<string, string> {
  const codes = new Map<string, string>();
  for (const file of globSync('{lib,handlers,bin}/**/*.{ts,js}', { cwd: root }).sort()) {
    const source = readFileSync(join(root, file), 'utf8');
    const statements = source.match(variables) ?? [];
    const found = [
      ...places.flatMap(place => [...source.matchAll(place)]),
      ...statements.flatMap(statement => [...statement.matchAll(new RegExp(literal, 'g'))]),
    ];
    for (const [, code] of found) {
      codes.set(code!, file);
    }
  }
  return codes;
}
