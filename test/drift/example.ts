import type { DriftCounts } from '../../lib/contract/drift-counts.ts';
import type { Profile } from '../../lib/contract/profile.ts';

/** A profile of a model with a number, a category and a score, and lines of two instances that counted by it. */
export const profile: Profile = {
  version: 1,
  id: '0123456789ab',
  model: { name: 'churn', sha256: 'ab'.repeat(32) },
  rows: 100,
  features: [
    {
      name: 'age',
      tensor: 'age',
      place: { element: 0 },
      datatype: 'FP32',
      kind: 'number',
      rows: 100,
      missing: 5,
      range: [18, 90],
      edges: [30, 45, 60],
      counts: [20, 30, 25, 20],
    },
    {
      name: 'plan',
      tensor: 'plan',
      place: { element: 0 },
      datatype: 'BYTES',
      kind: 'category',
      rows: 100,
      missing: 0,
      categories: ['basic', 'plus'],
      counts: [60, 32],
      other: 8,
    },
  ],
  outputs: [
    {
      name: 'score',
      tensor: 'score',
      place: { element: 0 },
      datatype: 'FP32',
      kind: 'number',
      rows: 100,
      missing: 0,
      range: [0.1, 0.9],
      edges: [0.5],
      counts: [50, 50],
    },
  ],
};

/** The field `drift` of each line. The third continues the second, which was too long; the last is the first again. */
export const lines: DriftCounts[] = [
  // A person of 50 of the plan `plus` with a score of 0.95, above all of the reference.
  { v: 1, profile: profile.id, id: '9f3ab2c1.1', rows: 1, counts: 'f,e,c' },
  // Of 12 rows: two ages are missing, one is below 18; three plans are not stored.
  { v: 1, profile: profile.id, id: '9f3ab2c1.2', rows: 12, counts: 'a2bd4e5' },
  { v: 1, profile: profile.id, id: '9f3ab2c1.3', rows: 0, from: 1, counts: 'b3d8e,d12' },
  // Two rows of another instance; the request did not ask for the score.
  { v: 1, profile: profile.id, id: '0c77d5e0.1', rows: 2, counts: 'g2,d2,' },
  { v: 1, profile: profile.id, id: '9f3ab2c1.1', rows: 1, counts: 'f,e,c' },
];

/** Sums of the lines by column and slot, each line once. */
export const sums = [
  // missing, below, above, then the four bins
  [2, 1, 0, 4, 5, 1, 2],
  // missing, other, none, then `basic` and `plus`
  [0, 3, 0, 10, 2],
  // missing, below, above, then the two bins
  [0, 0, 1, 12, 0],
];
/** Rows of the lines, each line once. */
export const rows = 15;
