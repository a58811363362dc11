import { describe, expect, test } from 'vitest';
import { weighCsv, weighJson } from '../../../lib/runtime/http/weigh-text.ts';

const limits = { depth: 3, values: 40, stringLength: 5 };

describe('JSON', () => {
  const cases: [text: string, exceeded: ReturnType<typeof weighJson>][] = [
    ['[[[1]]]', undefined],
    ['[ [ [ [1]]]]', 'depth'],
    ['[[[\n{"a":1}]]]', 'depth'],
    ['["[[[[[["]', 'stringLength'],
    ['["[[[["]', undefined],
    [`[${'1,'.repeat(36)}1]`, undefined],
    [`[${'1,'.repeat(37)}1]`, 'values'],
    [`[ ${'{} , '.repeat(6)}{}]`, undefined],
    [`[ ${'{} , '.repeat(7)}{}]`, 'values'],
    ['["a","b"]', undefined],
    ['["a","b","c"]', 'values'],
    [`[${'"a",'.repeat(19)}"a"]`, undefined],
    ['{"a":1,"b":{"a"}}', 'values'],
    ['{"a":1,"b":2}', undefined],
    ['"12345"', undefined],
    ['"123456"', 'stringLength'],
    [String.raw`"\n\"\\\u0041\u0041"`, undefined],
    [String.raw`"\n\"\\\u0041\u0041\t"`, 'stringLength'],
    [String.raw`"\"[,[,[,["`, 'stringLength'],
    ['"no end', 'stringLength'],
    ['"[[[[', undefined],
    [']]]]', undefined],
    ['', undefined],
  ];

  test.each(cases)('%s: %s', (text, exceeded) => {
    expect(weighJson(text, limits)).toBe(exceeded);
  });
});

describe('CSV', () => {
  const cases: [text: string, exceeded: ReturnType<typeof weighCsv>][] = [
    ['1\n2\n3\n', undefined],
    ['1\n2\n3\n4\n', 'rows'],
    ['"1\n2\n3\n4\n5"\n', undefined],
    ['"a""\n\n\n\n"\n', undefined],
    [','.repeat(40), undefined],
    [','.repeat(41), 'values'],
    [`"${','.repeat(41)}"`, undefined],
    ['', undefined],
  ];

  test.each(cases)('%j: %s', (text, exceeded) => {
    expect(weighCsv(text, { rows: 3, values: 40 })).toBe(exceeded);
  });
});
