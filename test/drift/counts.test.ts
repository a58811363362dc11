import { expect, test } from 'vitest';
import { addCounts, firstSlot, formatSlots } from '../../lib/contract/drift-counts.ts';
import { countedColumns } from '../../lib/contract/profile.ts';
import { lines, profile, rows, sums } from './example.ts';

function noCounts(): number[][] {
  return countedColumns(profile).map(({ counts }) => Array(firstSlot + counts.length).fill(0));
}

test('lines add up, each once', () => {
  const all = noCounts();
  const unique = [...new Map(lines.map(line => [line.id, line])).values()];
  expect(unique.map(line => addCounts(all, line))).toEqual([true, true, true, true]);
  expect(all).toEqual(sums);
  expect(unique.reduce((sum, line) => sum + line.rows, 0)).toBe(rows);
});

test('sums as text are the same sums', () => {
  const all = noCounts();
  expect(addCounts(all, { counts: sums.map(slots => formatSlots(slots)).join(',') })).toBe(true);
  expect(all).toEqual(sums);
});

test.each([
  ['cut off', 'f,e,d1,'],
  ['a count without a slot', '3,e,c'],
  ['a slot that the column does not have', 'f,g,c'],
  ['other text', 'f,e,c;'],
])('%s: nothing is added', (_, counts) => {
  const all = noCounts();
  expect(addCounts(all, { counts })).toBe(false);
  expect(all).toEqual(noCounts());
});
