import * as v from 'valibot';
import { expect, test } from 'vitest';
import { plainIssue } from '../../lib/contract/issue-words.ts';

const cases: [name: string, schema: v.GenericSchema, value: unknown, words: string][] = [
  ['another type', v.number(), 'wide', 'expected a number; received "wide"'],
  ['null', v.string(), null, 'expected text; received null'],
  ['a list', v.string(), [], 'expected text; received a list'],
  ['an absent value', v.number(), undefined, 'it is missing; expected a number'],
  ['a missing key', v.object({ age: v.number() }), {}, 'it is missing'],
  ['an unknown key', v.strictObject({}), { age: 1 }, 'it is unknown'],
  ['a choice', v.picklist(['a', 'b']), 'c', 'expected "a" or "b"; received "c"'],
  ['a union', v.union([v.string(), v.number()]), true, 'expected text or a number; received true'],
  ['a minimum', v.pipe(v.number(), v.minValue(0)), -1, 'expected 0 or more; received -1'],
  ['a maximum', v.pipe(v.number(), v.maxValue(9)), 10, 'expected 9 or less; received 10'],
  ['a fraction', v.pipe(v.number(), v.integer()), 1.5, 'expected an integer; received 1.5'],
  ['an address', v.pipe(v.string(), v.email()), 'x', 'expected an email; received "x"'],
  ['a short text', v.pipe(v.string(), v.nonEmpty()), '', 'its length is 0; expected other than 0'],
  ['a pattern', v.pipe(v.string(), v.regex(/^a/)), 'b', 'expected text of the form /^a/; received "b"'],
  ['words of the author', v.number('give a number'), 'x', 'give a number'],
];

test.each(cases)('%s', (_, schema, value, words) => {
  expect(plainIssue(v.safeParse(schema, value).issues![0].message)).toBe(words);
});

test('zod names its types in its own way', () => {
  expect(plainIssue('Invalid input: expected number, received undefined')).toBe(
    'it is missing; expected a number',
  );
  expect(plainIssue('Invalid input: expected string, received number')).toBe(
    'expected text; received a number',
  );
});
