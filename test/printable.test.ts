import { expect, test } from 'vitest';
import { ColdpressError } from '../lib/errors.ts';
import { key, literal } from '../lib/model/declarations/literals.ts';
import { printable, printableLines } from '../lib/printable.ts';

test.each([
  ['plain, é, 日本', 'plain, é, 日本'],
  ['\u001b]52;c;aGk=\u0007', '\\u001b]52;c;aGk=\\u0007'],
  ['a\rb\nc', 'a\\u000db\\u000ac'],
  ['\u202eabc\u2066', '\\u202eabc\\u2066'],
  ['\u{e0001}', '\\udb40\\udc01'],
  ['\u0085\u2028', '\\u0085\\u2028'],
])('%j is printed as %s', (text, printed) => {
  expect(printable(text)).toBe(printed);
});

test('an error keeps its lines, and no other control', () => {
  const { message, hint } = new ColdpressError('X', 'a\n\u001b[2Jb', { hint: '\u202ec' });
  expect([message, hint]).toEqual(['a\n\\u001b[2Jb', '\\u202ec']);
  expect(printableLines('a\nb')).toBe('a\nb');
});

test.each(['\u202e', '\u2028', "it's\u200f", '__proto__', 'constructor', 'a b'])(
  '%j is a key and a literal of TypeScript',
  name => {
    const object = new Function(`return { ${key(name)}: ${literal(name)} };`)();
    expect(Object.entries(object)).toEqual([[name, name]]);
    expect(`${key(name)}${literal(name)}`).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
  },
);
