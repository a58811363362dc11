import { expect, test } from 'vitest';
import { frequencyOf } from '../../lib/targets/schedule.ts';

test.each<[schedule: string, runsPerYear: number, longestGapHours: number]>([
  ['rate(1 day)', 365, 24],
  ['rate(7 days)', 52, 168],
  ['rate(1 hour)', 8760, 1],
  ['rate(30 minutes)', 17_520, 0.5],
  ['cron(0 6 * * ? *)', 365, 24],
  ['cron(0 6 ? * MON *)', 52, 168],
  ['cron(0 6 ? * 2 *)', 52, 168],
  ['cron(0 6 ? * MON-FRI *)', 261, 72],
  ['cron(0 6 ? * 2-6 *)', 261, 72],
  ['cron(0/15 8-17 * * ? *)', 14_600, 14.25],
  ['cron(0 6 1 * ? *)', 12, 31 * 24],
  ['0 6 * * *', 365, 24],
  ['0 */6 * * *', 1460, 6],
  ['0 6 * * 1', 52, 168],
  ['0 6 * * 0,7', 52, 168],
  ['0 6 1,15 * *', 24, 17 * 24],
  ['0 6 1 * mon', 63, 168],
  ['0 6 1 jan *', 1, 365 * 24],
])('%s', (schedule, runsPerYear, longestGapHours) => {
  const found = frequencyOf(schedule)!;
  expect(Math.abs(found.runsPerYear - runsPerYear)).toBeLessThanOrEqual(1);
  expect(found.longestGapHours).toBe(longestGapHours);
});

test.each([
  'at(2026-11-28T06:00:00)',
  'cron(0 6 L * ? *)',
  'cron(0 6 ? * 2#1 *)',
  'cron(0 6 * * ? 2027)',
  'rate(Token[TOKEN.1])',
  '0 6 * *',
  '61 6 * * *',
  '*/0 * * * *',
])('%s has no pattern', schedule => {
  expect(frequencyOf(schedule)).toBeUndefined();
});
