import { expect, test } from 'vitest';
import type { Watch } from '../../../lib/runtime/counting/watch.ts';
import { batch } from '../../../lib/runtime/sources/batch.ts';
import { lookupFunction, newInvocation } from '../events/lookup-function.ts';

test('a batch that asks for its counts gets them with its answers', async () => {
  const fn = await lookupFunction();
  const drift = [{ v: 1 as const, profile: 'p', id: 'i.1', rows: 2, counts: 'd2' }];
  const watch: Watch = { ...fn.watch, take: () => drift };
  const event = { coldpress: 'batch' as const, records: [{ index: 1 }, { index: 2 }] };
  const counted = await batch.handle({ ...event, counts: true }, { ...fn, watch }, newInvocation());
  expect(counted).toMatchObject({ answers: [{ result: {} }, { result: {} }], drift });
  expect(await batch.handle(event, fn, newInvocation())).toHaveLength(2);
});
