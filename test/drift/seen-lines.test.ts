import { expect, test } from 'vitest';
import { seenLines } from '../../lib/drift/logs/seen-lines.ts';

test.each<[string, string[], boolean[]]>([
  ['in their order', ['a1.1', 'a1.2', 'a1.3'], [true, true, true]],
  ['twice', ['a1.1', 'a1.2', 'a1.1', 'a1.2'], [true, true, false, false]],
  ['out of order', ['a1.2', 'a1.4', 'a1.1', 'a1.3', 'a1.5', 'a1.4'], [true, true, true, true, true, false]],
  [
    'from the middle, and an earlier one twice',
    ['a1.70', 'a1.3', 'a1.71', 'a1.3'],
    [true, true, true, false],
  ],
  ['of two instances', ['a1.1', 'b2.1', 'a1.2', 'b2.1'], [true, true, true, false]],
  ['of another form', ['request 7', 'a1', 'a1.x', 'a1', 'request 7'], [true, true, true, false, false]],
])('lines %s', (_, ids, expected) => {
  const seen = seenLines();
  expect(ids.map(id => seen.add(id))).toEqual(expected);
});
