import { ColdpressError } from '../../errors.ts';

const units: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Milliseconds since 1970 of a date or of a duration before now: `2026-11-28`, `2026-11-28T12:00Z`, `7d`, `12h`.
 * @throws ColdpressError OPTION_INVALID
 */
export function parseTime(flag: string, text: string, now: number): number {
  const [, amount, unit] = /^(\d+)([mhdw])$/.exec(text) ?? [];
  const timeMs = unit === undefined ? Date.parse(text) : now - Number(amount) * units[unit]!;
  if (Number.isNaN(timeMs) || (unit === undefined && !/^\d{4}-\d\d-\d\d/.test(text))) {
    throw new ColdpressError('OPTION_INVALID', `${flag} is ${text}`, {
      hint: 'Use a date in UTC, or a time ago: 2026-11-28, 2026-11-28T12:00Z, 7d, 12h.',
    });
  }
  return timeMs;
}
