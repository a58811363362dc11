import { countedColumns, type Profile } from '../contract/profile.ts';
import { seededRandom } from '../model/press/random-inputs.ts';
import type { ColumnDrift } from './assess.ts';
import { type Slots, slotWeights, valueCounts } from './histogram.ts';
import type { Period } from './logs/sum-entries.ts';
import { calibrate } from './statistics/calibrate.ts';
import { jensenShannonDistance, sum } from './statistics/distances.ts';

/** A column on one day. */
export interface DayDrift {
  day: string;
  name: string;
  role: ColumnDrift['role'];
  rows: number;
  jensenShannonDistance: number;
  /** What 95 % of days with as many rows stay below without drift. */
  expected: number;
}

const mostColumns = 6;
const samples = { least: 200, most: 200 } as const;

/** The distance of each day from the reference, of the worst columns. */
export function measureDays(
  periods: readonly Period[],
  {
    profile,
    references,
    worst,
    seed,
  }: { profile: Profile; references: Slots[]; worst: readonly ColumnDrift[]; seed: number },
): DayDrift[] {
  const columns = countedColumns(profile);
  const byDay = Map.groupBy(
    periods.filter(({ day }) => day !== ''),
    ({ day }) => day,
  );
  return worst.slice(0, mostColumns).flatMap(({ name, role }) => {
    const index = columns.findIndex(
      (column, at) => column.name === name && at < profile.features.length === (role === 'feature'),
    );
    const column = columns[index]!;
    const reference = references[index]!;
    return [...byDay].flatMap(([day, parts]) => {
      const current = reference.map((_, slot) => sum(parts.map(({ slots }) => slots[index]![slot]!)));
      if (sum(current) === 0) {
        return [];
      }
      const { distances } = calibrate({
        ...{ reference, weights: slotWeights(reference), current, level: 1, samples },
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
