import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { formatSlots } from '../../lib/contract/drift-counts.ts';
import { type Column, countedColumns, type Profile } from '../../lib/contract/profile.ts';
import { findDrift } from '../../lib/drift/drift.ts';
import { formatDrift } from '../../lib/drift/format.ts';
import { folder } from '../cli/coldpress.ts';
import { profile as churn, firstDay, telemetry } from './churn.ts';

const cwd = folder('unusual');
const base = { name: 'x', tensor: 'x', place: { element: 0 }, datatype: 'FP32' } as const;
const constant: Column = {
  ...base,
  kind: 'number',
  rows: 100,
  missing: 0,
  range: [7, 7],
  edges: [],
  counts: [100],
};
const empty: Column = {
  ...base,
  kind: 'number',
  rows: 100,
  missing: 100,
  range: null,
  edges: [],
  counts: [0],
};
const strange: Column = {
  ...base,
  kind: 'category',
  name: 'a\u0007\nb',
  datatype: 'BYTES',
  rows: 100,
  missing: 0,
  other: 0,
  categories: ['\u001b[31mred', 'plain'],
  counts: [60, 40],
};
const noCategory: Column = { ...strange, name: 'ids', categories: [], counts: [], other: 100 };

/** Reports on rows that all have these slots of the one column. */
async function report(column: Column, rows: number, slot: number) {
  const profile: Profile = { ...churn, features: [column], outputs: [] };
  const slots = countedColumns(profile).map(({ counts }) => Array(3 + counts.length).fill(0));
  slots[0]![slot] = rows;
  const counts = slots.map(each => formatSlots(each)).join();
  const drift = { v: 1, profile: profile.id, id: '0.1', rows, counts } as const;
  const log = join(cwd, 'log.jsonl');
  writeFileSync(log, JSON.stringify(telemetry(drift, { timeMs: firstDay, requestId: 'r' })));
  return findDrift({
    profile,
    sources: [log],
    sinceMs: firstDay - 1,
    untilMs: firstDay + 1,
    stdin: Readable.from([]),
    today: new Date(firstDay),
  });
}

test.each<[name: string, column: Column, rows: number, slot: number, drifted: boolean]>([
  ['a constant that stays', constant, 500, 3, false],
  ['a constant that grows', constant, 500, 2, true],
  ['a constant that is missing', constant, 500, 0, true],
  ['one row of another value', constant, 1, 2, false],
  ['all missing, as before', empty, 500, 0, false],
  ['values where all were missing', empty, 500, 2, true],
  ['categories with control characters', strange, 500, 4, true],
  ['one row of a category', strange, 1, 3, false],
  ['text without any frequent category', noCategory, 500, 1, false],
])('%s', async (_, column, rows, slot, drifted) => {
  const found = await report(column, rows, slot);
  expect(found.drifted).toBe(drifted);
  // NaN and infinity would be null.
  expect(JSON.stringify(found.columns)).not.toContain(':null,"expected"');
  expect(Number.isFinite(found.evidence)).toBe(true);
  const text = formatDrift(found, false);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those that a terminal would obey
  expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f]|NaN|undefined/);
});
