import * as v from 'valibot';
import { expect, test } from 'vitest';
import { plainIssue } from '../lib/contract/issue-words.ts';
import { inWords } from '../lib/schema-words.ts';

/** What a caller reads, and what the author of a file reads. */
const cases: [name: string, schema: v.GenericSchema, value: unknown, caller: string, author?: string][] = [
  [
    'another type',
    v.number(),
    'wide',
    'expected number; received "wide"',
    'expected a number; received "wide"',
  ],
  ['null', v.string(), null, 'expected string; received null', 'expected text; received null'],
  ['a list', v.string(), [], 'expected string; received Array', 'expected text; received a list'],
  [
    'an absent value',
    v.number(),
    undefined,
    'it is missing; expected number',
    'it is missing; expected a number',
  ],
  ['a missing key', v.object({ age: v.number() }), {}, 'it is missing; expected "age"'],
  ['an unknown key', v.strictObject({}), { age: 1 }, 'it is unknown'],
  [
    'a choice',
    v.picklist(['a', 'b']),
    'c',
    'expected ("a" | "b"); received "c"',
    'expected "a" or "b"; received "c"',
  ],
  [
    'a minimum',
    v.pipe(v.number(), v.minValue(0)),
    -1,
    'expected >=0; received -1',
    'expected at least 0; received -1',
  ],
  [
    'a maximum',
    v.pipe(v.number(), v.maxValue(9)),
    10,
    'expected <=9; received 10',
    'expected at most 9; received 10',
  ],
  ['a fraction', v.pipe(v.number(), v.integer()), 1.5, 'expected integer; received 1.5'],
  ['an address', v.pipe(v.string(), v.email()), 'x', 'expected email; received "x"'],
  [
    'a short text',
    v.pipe(v.string(), v.nonEmpty()),
    '',
    'expected length !0; received 0',
    'expected length other than 0; received 0',
  ],
  [
    'a pattern',
    v.pipe(v.string(), v.regex(/^a/)),
    'b',
    'expected /^a/; received "b"',
    'expected text of the form /^a/; received "b"',
  ],
  ['words of the author', v.number('give a number'), 'x', 'give a number'],
];

test.each(cases)('%s', (_, schema, value, caller, author = caller) => {
  const { message } = v.safeParse(schema, value).issues![0];
  expect(plainIssue(message)).toBe(caller);
  expect(plainIssue(message, inWords)).toBe(author);
});

test('zod names its types in its own way', () => {
  const message = 'Invalid input: expected string, received number';
  expect(plainIssue('Invalid input: expected number, received undefined')).toBe(
    'it is missing; expected number',
  );
  expect(plainIssue(message, inWords)).toBe('expected text; received a number');
});
