import { describe, expect, test } from 'vitest';
import { weighCsv } from '../../../lib/runtime/http/weigh-csv.ts';
import { weighJson } from '../../../lib/runtime/http/weigh-json.ts';

const limits = { depth: 3, values: 100, stringLength: 5 };

describe('JSON', () => {
  const cases: [text: string, exceeded: Awaited<ReturnType<typeof weighJson>>][] = [
    ['[[[1]]]', undefined],
    ['[ [ [ [1]]]]', 'depth'],
    ['[[[\n{"a":1}]]]', 'depth'],
    ['["[[[[[["]', 'stringLength'],
    ['["[[[["]', undefined],
    [`[${'1,'.repeat(96)}1]`, undefined],
    [`[${'1,'.repeat(97)}1]`, 'values'],
    [`[ ${'{} , '.repeat(18)}{}]`, undefined],
    [`[ ${'{} , '.repeat(19)}{}]`, 'values'],
    ['["a","b","c","d","e"]', undefined],
    ['["a","b","c","d","e","f"]', 'values'],
    [`[${'"a",'.repeat(19)}"a"]`, undefined],
    ['{"a":1,"b":{"a":2}}', undefined],
    ['{"a":1,"b" \n:2,"c":3}', 'values'],
    ['"12345"', undefined],
    ['"123456"', 'stringLength'],
    [String.raw`"\n\"\\\u0041\u0041"`, undefined],
    [String.raw`"\n\"\\\u0041\u0041\t"`, 'stringLength'],
    [String.raw`"\"[,[,[,["`, 'stringLength'],
    ['"no end', 'stringLength'],
    ['"[[[[', undefined],
    [']]]][[[[[', undefined],
    ['', undefined],
  ];

  test.each(cases)('%s: %s', async (text, exceeded) => {
    expect(await weighJson(text, limits)).toBe(exceeded);
  });
});

test('a text of many parts is weighed as one', async () => {
  const wide = { depth: 3, values: 100, stringLength: 2 ** 22 };
  const spaces = ' '.repeat(3e6);
  const letters = 'a'.repeat(3e6);
  expect(await weighJson(`[[${spaces}[${spaces}[`, wide)).toBe('depth');
  expect(await weighJson(`["${letters}","${letters}[[[[","\\"[[[["]`, wide)).toBeUndefined();
  expect(await weighJson(`[${`"${letters}",`.repeat(7)}0]`, wide)).toBe('values');
  expect(await weighJson(`["\\"${letters}${letters}"]`, wide)).toBe('stringLength');
  expect(await weighCsv(`"${letters}\n"\n`.repeat(4), { rows: 3, values: 100 })).toBe('rows');
});

describe('CSV', () => {
  const cases: [text: string, exceeded: Awaited<ReturnType<typeof weighCsv>>][] = [
    ['1\n2\n3\n', undefined],
    ['1\n2\n3\n4\n', 'rows'],
    ['1\r\n2\r\n3\r\n', undefined],
    ['1\r2\r3\r4\r', 'rows'],
    ['"1\n2\n3\n4\n5"\n', undefined],
    ['"a""\n\n\n\n"\n', undefined],
    // A carriage return is text where line feeds end lines, and so is the quote after it.
    ['a\r"\n2\n3\n4\n', 'rows'],
    ['"1"\r\n"2"\n5" pipe\n"4"\n', 'rows'],
    [','.repeat(40), undefined],
    [','.repeat(41), 'values'],
    [`"${','.repeat(41)}"`, undefined],
    ['', undefined],
  ];

  test.each(cases)('%j: %s', async (text, exceeded) => {
    expect(await weighCsv(text, { rows: 3, values: 40 })).toBe(exceeded);
  });
});
