/** How often a schedule runs. */
export interface Frequency {
  runsPerYear: number;
  /** The longest time between two runs. */
  longestGapHours: number;
}

/** The fields of cron and their values, from the first to the last. */
const fields = {
  minute: [0, 59],
  hour: [0, 23],
  dayOfMonth: [1, 31],
  month: [1, 12],
  /** Sunday is 0 or 7. */
  dayOfWeek: [0, 7],
} as const;
const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const minutesOf: Record<string, number> = { minute: 1, hour: 60, day: 1440 };
const yearMinutes = 365 * 1440;
/** Long enough for every pattern but those of leap years. */
const years = 3;

/**
 * Returns how often a schedule of EventBridge (`rate(1 day)`, `cron(0 6 ? * MON *)`) or of Cloud Scheduler
 * (`0 6 * * 1`) runs.
 * @returns `undefined` for what has no regular pattern: a single time, certain years, `L`, `W` and `#`
 */
export function frequencyOf(schedule: string): Frequency | undefined {
  const [, amount, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  if (unit !== undefined) {
    const gap = Number(amount) * minutesOf[unit]!;
    return { runsPerYear: Math.max(1, Math.round(yearMinutes / gap)), longestGapHours: gap / 60 };
  }
  const [, inner] = /^cron\((.*)\)$/.exec(schedule) ?? [];
  const texts = (inner ?? schedule).trim().toUpperCase().split(/\s+/);
  if (texts.length !== (inner === undefined ? 5 : 6) || (inner !== undefined && texts[5] !== '*')) {
    return undefined;
  }
  const [minute, hour, dayOfMonth, month, dayOfWeek] = Object.values(fields).map((range, index) =>
    valuesOf(texts[index]!, range, index === 3 ? months : index === 4 ? days : []),
  );
  if (!minute || !hour || !dayOfMonth || !month || !dayOfWeek) {
    return undefined;
  }
  // EventBridge counts from Sunday, which is 1; names are the same.
  const weekdays = dayOfWeek.map(day => (inner !== undefined && /\d/.test(texts[4]!) ? day - 1 : day % 7));
  const [isAnyDate, isAnyWeekday] = [texts[2]!, texts[4]!].map(text => /^[*?]/.test(text));
  const runs: number[] = [];
  for (let day = 0; day < years * 365; day += 1) {
    const date = new Date(Date.UTC(2026, 0, 1 + day));
    const isDate = dayOfMonth.includes(date.getUTCDate());
    const isWeekday = weekdays.includes(date.getUTCDay());
    // If both are restricted, cron runs on the days of either.
    const isDay = isAnyDate || isAnyWeekday ? isDate && isWeekday : isDate || isWeekday;
    if (isDay && month.includes(date.getUTCMonth() + 1)) {
      runs.push(...hour.flatMap(h => minute.map(m => day * 1440 + h * 60 + m)));
    }
  }
  const gaps = runs.slice(1).map((run, index) => run - runs[index]!);
  return {
    runsPerYear: Math.max(1, Math.round(runs.length / years)),
    longestGapHours:
      gaps.reduce((most, gap) => Math.max(most, gap), gaps.length === 0 ? yearMinutes : 0) / 60,
  };
}

/** The values of a field such as `1,15`, `MON-FRI`, and `0/6`, ascending. */
function valuesOf(
  text: string,
  [first, last]: readonly [number, number],
  names: readonly string[],
): number[] | undefined {
  const numberOf = (word: string) =>
    names.includes(word) ? names.indexOf(word) + (names === months ? 1 : 0) : Number(word);
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [, range, step] = /^(\*|\?|\w+(?:-\w+)?)(?:\/(\d+))?$/.exec(part) ?? [];
    if (range === undefined) {
      return undefined;
    }
    const isAll = range === '*' || range === '?';
    const [from = Number.NaN, to] = isAll ? [first, last] : range.split('-').map(numberOf);
    const end = to ?? (step === undefined ? from : last);
    if (!(from >= first && end <= last && from <= end && step !== '0')) {
      return undefined;
    }
    for (let value = from; value <= end; value += Number(step ?? 1)) {
      values.add(value);
    }
  }
  return [...values].sort((a, b) => a - b);
}
