import * as v from 'valibot';
import { expect, test } from 'vitest';
import { plainIssue } from '../lib/contract/issue-words.ts';
import { inWords } from '../lib/schema-words.ts';

/** What a caller reads, and what the author of a file reads. */
const cases: [name: string, schema: v.GenericSchema, value: unknown, caller: string, author?: string][] = [
  ['another type', v.number(), 'wide', 'it is "wide"; expected number', 'it is "wide"; expected a number'],
  ['null', v.string(), null, 'it is null; expected string', 'it is null; expected text'],
  ['a list', v.string(), [], 'it is Array; expected string', 'it is a list; expected text'],
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
    'it is "c"; expected ("a" | "b")',
    'it is "c"; expected "a" or "b"',
  ],
  [
    'a minimum',
    v.pipe(v.number(), v.minValue(0)),
    -1,
    'it is -1; expected >=0',
    'it is -1; expected at least 0',
  ],
  [
    'a maximum',
    v.pipe(v.number(), v.maxValue(9)),
    10,
    'it is 10; expected <=9',
    'it is 10; expected at most 9',
  ],
  ['a fraction', v.pipe(v.number(), v.integer()), 1.5, 'it is 1.5; expected integer'],
  ['an address', v.pipe(v.string(), v.email()), 'x', 'it is "x"; expected email'],
  [
    'a short text',
    v.pipe(v.string(), v.nonEmpty()),
    '',
    'its length is 0; expected !0',
    'its length is 0; expected other than 0',
  ],
  [
    'a pattern',
    v.pipe(v.string(), v.regex(/^a/)),
    'b',
    'it is "b"; expected /^a/',
    'it is "b"; expected text of the form /^a/',
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
  expect(plainIssue(message, inWords)).toBe('it is a number; expected text');
});
