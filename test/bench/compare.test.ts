import { describe, expect, test } from 'vitest';
import { compare } from '../../lib/bench/compare.ts';
import { formatComparison } from '../../lib/bench/report/terminal.ts';
import type { BenchData } from '../../lib/bench/result.ts';
import { dataOf } from './script.ts';

const steady = Array.from({ length: 30 }, (_, i) => 100 + (i % 5));
const times = (factor: number) => steady.map(ms => ms * factor);
/** Thirty samples, of which nobody can tell whether the median moved. */
const wild = (factor: number) => steady.map((_, i) => factor * (60 + 9 * (i % 10)));

function with5Percent(now: BenchData, base: BenchData) {
  return compare(now, base, 0.05);
}

const cases: [string, number[], number[], string][] = [
  ['no change', steady, steady, 'fine'],
  ['4 % slower', times(1.04), steady, 'fine'],
  ['10 % slower', times(1.1), steady, 'slower'],
  ['faster', times(0.7), steady, 'fine'],
  ['10 % slower, or chance', wild(1.1), wild(1), 'unclear'],
  ['one sample, however slow', [300], [100], 'unclear'],
];

test.each(cases)('%s', (_, now, before, verdict) => {
  const { changes } = with5Percent(dataOf({ a: now }), dataOf({ a: before }));
  expect(changes.map(change => change.verdict)).toEqual([verdict]);
});

test('the phases that grew are named, the largest first', () => {
  const now = dataOf({ a: steady });
  for (const sample of now.variants[0]!.samples) {
    sample.phases.model += 30;
    sample.totalMs += 30;
  }
  const comparison = with5Percent(now, dataOf({ a: steady }));
  expect(comparison.changes[0]!.phases[0]).toMatchObject({ phase: 'model', addedMs: { value: 30 } });
  expect(formatComparison(comparison).join('\n')).toMatch(/a: SLOWER.*\n {4}in model open \+30\.0 ms$/);
});

test('a machine of half the speed is no regression, where a baseline ran in both', () => {
  const now = dataOf({ hello: times(1), a: times(3) });
  const base = dataOf({ hello: times(0.5), a: times(1.5) });
  base.machine.cpu = 'A faster CPU';
  const comparison = with5Percent(now, base);
  expect(comparison).toMatchObject({ by: 'hello', changes: [{ name: 'a', verdict: 'fine', warm: null }] });
  expect(comparison.warnings).toEqual([]);
});

test('another machine without a baseline is warned of', () => {
  const base = dataOf({ a: steady });
  base.machine.cpu = 'Another CPU';
  expect(with5Percent(dataOf({ a: steady }), base).warnings).toMatchObject([
    { code: 'other-machine', hint: expect.stringContaining('--baseline hello') },
  ]);
});

test('another request, another memory size, and what is compared with nothing are warned of', () => {
  const now = dataOf({ a: steady, b: steady }, { facts: { a: { memoryMb: 512, vcpu: 0.29 } } });
  const base = dataOf({ a: steady }, { request: { source: 'signature', sizeBytes: 942 } });
  base.variants[0]!.versions.runtimeClient = 'coldpress';
  expect(with5Percent(now, base).warnings).toMatchObject([
    { code: 'other-request', message: expect.stringContaining('signature, 942 bytes') },
    { code: 'other-runtime', message: expect.stringContaining('coldpress’s own') },
    { code: 'other-memory', variant: 'a', message: expect.stringContaining('1024 MB without a CPU share') },
    { code: 'not-compared', variant: 'b' },
  ]);
});

test('a deployed function is on no machine that is known', () => {
  const facts = { a: { region: 'eu-west-1' } };
  const base = dataOf({ a: steady }, { facts });
  base.machine.cpu = 'Another CPU';
  const { warnings, changes } = with5Percent(dataOf({ a: steady }, { facts }), base);
  expect(warnings).toEqual([]);
  expect(changes[0]!.warm).not.toBeNull();
});

test('one slow process is no slower function, however many requests it was sent', () => {
  const now = dataOf({ a: steady });
  const base = dataOf({ a: steady });
  const slow = now.variants[0]!.samples;
  for (const sample of slow.slice(0, Math.floor(slow.length / 2))) {
    sample.warmMs = Array.from({ length: 200 }, () => 3.5);
  }
  expect(with5Percent(now, base).changes[0]!.verdict).not.toBe('slower');
});

test('without a limit nothing fails', () => {
  expect(compare(dataOf({ a: times(9) }), dataOf({ a: steady }), null).changes[0]!.verdict).toBe('fine');
});

describe('refused', () => {
  test('another state of the disk', () => {
    expect(() => with5Percent(dataOf({ a: steady }), dataOf({ a: steady }, { disk: 'cold' }))).toThrow(
      /warm disk.*cold one/,
    );
  });

  test('no artifact in common', () => {
    expect(() => with5Percent(dataOf({ a: steady }), dataOf({ b: steady }))).toThrow(
      /no artifact is in both/,
    );
  });
});
