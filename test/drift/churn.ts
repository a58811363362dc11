import { type DriftCounts, formatSlots } from '../../lib/contract/drift-counts.ts';
import { countedColumns, type Profile } from '../../lib/contract/profile.ts';
import { emptySlots } from '../../lib/drift/histogram.ts';
import { drawNormal } from '../../lib/drift/statistics/random.ts';
import { seededRandom } from '../../lib/model/press/random-inputs.ts';

const tenth = [-1.28, -0.84, -0.52, -0.25, 0, 0.25, 0.52, 0.84, 1.28];
const number = (name: string, edges: number[]) => ({
  ...({ name, tensor: name, place: { element: 0 }, datatype: 'FP32', kind: 'number' } as const),
  rows: 2000,
  missing: 0,
  range: [-3.4, 3.4] as [number, number],
  edges,
  counts: edges.length === 1 ? [1000, 1000] : [201, 200, 201, 197, 202, 199, 199, 200, 200, 201],
});

/** Of a model with numbers, a category and a score. */
export const profile: Profile = {
  version: 1,
  id: 'aaaabbbbcccc',
  rows: 2000,
  model: { name: 'churn', sha256: 'ab'.repeat(32) },
  features: [
    number('tenure', tenth),
    number('charges', tenth),
    {
      name: 'plan <b>',
      tensor: 'plan',
      place: { element: 0 },
      datatype: 'BYTES',
      kind: 'category',
      rows: 2000,
      missing: 0,
      categories: ['basic', 'plus & more'],
      counts: [1200, 800],
      other: 0,
    },
  ],
  outputs: [number('score', [0])],
};

export interface Traffic {
  rows: number;
  /** In standard deviations, of `charges`. */
  shift?: number;
  /** Share of plans that are not in the profile. */
  unseen?: number;
  seed?: number;
}

/** The field `drift` of lines of one row each. */
export function countTraffic({ rows, shift = 0, unseen = 0, seed = 1 }: Traffic): DriftCounts[] {
  const random = seededRandom(seed);
  const columns = countedColumns(profile);
  return Array.from({ length: rows }, (_, row) => {
    const slots = columns.map(column => {
      const counts = emptySlots(column);
      if (column.kind === 'category') {
        const isUnseen = random() < unseen;
        counts[isUnseen ? 1 : random() < 0.6 ? 3 : 4]! += 1;
        return counts;
      }
      const value = drawNormal(random) + (column.name === 'charges' ? shift : 0);
      const bin = column.edges.findIndex(edge => value < edge);
      counts[value < -3.4 ? 1 : value > 3.4 ? 2 : 3 + (bin < 0 ? column.edges.length : bin)]! += 1;
      return counts;
    });
    return {
      v: 1,
      profile: profile.id,
      id: `${seed}.${row}`,
      rows: 1,
      counts: slots.map(counts => formatSlots(counts)).join(','),
    };
  });
}

/** A line of telemetry on AWS, as the function writes it. */
export function telemetry(
  drift: DriftCounts | undefined,
  { timeMs, requestId }: { timeMs: number; requestId: string },
) {
  return {
    _aws: { Timestamp: timeMs, CloudWatchMetrics: [] },
    function: 'churn',
    source: 'http',
    requestId,
    records: 1,
    failures: 0,
    latencyMs: 1.2,
    cold: 0,
    model: 'churn',
    modelSha256: profile.model.sha256,
    ...(drift && { drift }),
  };
}

export const dayMs = 86_400_000;
export const firstDay = Date.parse('2026-11-20T00:00:00Z');

/** Lines of days, the rows of `traffic` on each. */
export function logOf(days: Traffic[]): string {
  return days
    .flatMap((traffic, day) =>
      countTraffic({ seed: day + 1, ...traffic }).map((drift, row) => {
        const timeMs = firstDay + day * dayMs + row * 1000;
        return `${JSON.stringify(telemetry(drift, { timeMs, requestId: drift.id }))}\n`;
      }),
    )
    .join('');
}
