import { expect, test } from 'vitest';
import type { BenchData } from '../../lib/bench/result.ts';
import { findWarnings } from '../../lib/bench/warnings.ts';
import { dataOf } from './script.ts';

const quiet = Array.from({ length: 60 }, (_, i) => 100 + (i % 3));
const machine = (changes: Partial<BenchData['machine']>) => ({
  machine: { ...dataOf({ a: quiet }).machine, ...changes },
});

/** What is measured, what is warned of, and the flag that the hint names. */
const cases: [what: string, data: BenchData, code: string, flag: RegExp][] = [
  ['one sample', dataOf({ a: [100] }), 'single-sample', /--samples 10/],
  ['too few samples', dataOf({ a: [100, 101, 102] }), 'few-samples', /--samples 10/],
  [
    'a machine too noisy',
    dataOf({ a: quiet.map((ms, i) => ms * (1 + (i % 7) / 3)) }),
    'noisy',
    /--samples \d{3}/,
  ],
  ['an outlier', dataOf({ a: [...quiet, 400] }), 'outliers', /--samples/],
  [
    'first samples slower',
    dataOf({ a: quiet.map((ms, i) => (i < 12 ? 1.5 * ms : ms)) }),
    'first-slower',
    /--discard 6/,
  ],
  ['too few warm requests for p99', dataOf({ a: quiet.slice(0, 20) }), 'few-warm', /--warm 5/],
  [
    'a CPU that slowed down',
    dataOf({ a: quiet }, machine({ spinMs: quiet.map((_, i) => (i < 30 ? 1 : 1.4)) })),
    'cpu-changed',
    /--discard/,
  ],
  [
    'other programs',
    dataOf({ a: quiet }, machine({ pressure: { waited: 0.6, stolen: 0 } })),
    'busy',
    /ratios/,
  ],
  [
    'an artifact of another version',
    dataOf({ a: quiet }, machine({ coldpress: '0.2.0' })),
    'other-coldpress',
    /pack/,
  ],
  [
    'a busy hypervisor',
    dataOf({ a: quiet }, machine({ pressure: { waited: null, stolen: 0.2 } })),
    'cpu-stolen',
    /ratios/,
  ],
];

test.each(cases)('%s', (_, data, code, flag) => {
  const warning = findWarnings(data).find(found => found.code === code);
  expect(warning?.hint).toMatch(flag);
});

test('a quiet machine and enough samples: none', () => {
  expect(findWarnings(dataOf({ naive: quiet, a: quiet }))).toEqual([]);
});

test('what could not be measured as it was asked for comes first', () => {
  const note = { code: 'cpu-share-unavailable', message: 'no', hint: 'leave --memory out' };
  expect(findWarnings(dataOf({ a: quiet }, { notes: [note] }))).toEqual([note]);
});
