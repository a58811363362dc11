import { seededRandom } from '../model/press/random-inputs.ts';
import type { ColumnCounts, ColumnDrift } from './assess.ts';
import { valueCounts } from './histogram.ts';
import type { Period } from './logs/sum-entries.ts';
import { calibrate } from './statistics/calibrate.ts';
import { jensenShannonDistance, sum } from './statistics/distances.ts';

/** The drift of a column on one day. */
export interface DayDrift {
  day: string;
  name: string;
  role: ColumnDrift['role'];
  rows: number;
  jensenShannonDistance: number;
  /** The level that 95 % of days with as many rows stay below without drift. */
  expected: number;
}

const mostColumns = 6;
const samples = { least: 200, most: 200 } as const;

/** Measures the distance of the worst columns from the reference on each day. */
export function measureDays(
  periods: readonly Period[],
  { columns, worst, seed }: { columns: readonly ColumnCounts[]; worst: readonly ColumnDrift[]; seed: number },
): DayDrift[] {
  const byDay = Map.groupBy(
    periods.filter(({ day }) => day !== ''),
    ({ day }) => day,
  );
  return worst.slice(0, mostColumns).flatMap(({ name, role }) => {
    const index = columns.findIndex(other => other.column.name === name && other.role === role);
    const { column, reference, withoutDrift } = columns[index]!;
    return [...byDay].flatMap(([day, parts]) => {
      const current = reference.map((_, slot) => sum(parts.map(({ slots }) => slots[index]![slot]!)));
      if (sum(current) === 0) {
        return [];
      }
      const { distances } = calibrate({
        reference,
        current,
        noDrift: withoutDrift({ reference, current }),
        level: 1,
        samples,
        random: seededRandom(seed),
        distances: {
          distance: (before, now) =>
            jensenShannonDistance(valueCounts(column, before), valueCounts(column, now)),
        },
      });
      const { value, expected } = distances.distance;
      return [{ day, name, role, rows: sum(current), jensenShannonDistance: value, expected }];
    });
  });
}
