import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { answerModel } from '../../../lib/model/press/answer-model.ts';
import { limitsFor } from '../../../lib/model/press/limits.ts';
import { readOutline } from '../../../lib/model/read.ts';
import { type RowModel, writeRowModel } from './row-models.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-rows-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function learn(name: RowModel) {
  const model = await readOutline(writeRowModel(name, scratch));
  const options = { external: [], work: scratch, samples: undefined, limits: limitsFor(0) };
  return answerModel(model, options);
}

const cases: { name: RowModel; axes: Record<string, number | null>; reason?: RegExp }[] = [
  { name: 'plain', axes: { x: 0, y: 0 } },
  { name: 'targets', axes: { x: 0, label: 0, probabilities: 1 } },
  { name: 'states', axes: { x: 0, logits: 1, h: 1, c: 1 } },
  { name: 'timeFirst', axes: { x: 1, h: 1 } },
  { name: 'ranked', axes: { x: 0, best: 0, classes: 0 } },
  { name: 'single', axes: { x: 0, y: 0 }, reason: /one record at a time/ },
  { name: 'detector', axes: { image: 0, boxes: null, scores: null }, reason: /one record at a time/ },
  { name: 'dynamicQuantised', axes: { x: 0, y: 0 }, reason: /"y" depends on the other records/ },
  { name: 'centred', axes: { x: 0, y: 0 }, reason: /"y" depends/ },
  { name: 'softmaxOfRows', axes: { x: 0, y: 0 }, reason: /"y" depends/ },
  { name: 'cumulated', axes: { x: 0, y: 0 }, reason: /"y" depends/ },
  { name: 'hidden', axes: { x: 0, y: 0 }, reason: /ReduceMax computes with all records/ },
  { name: 'total', axes: { x: 0, y: 0, sum: null }, reason: /"sum" does not have one row/ },
  { name: 'noise', axes: { x: 0, y: 0 }, reason: /differently each time/ },
];

test.each(cases)('$name: $axes, $reason', async ({ name, axes, reason }) => {
  const { learnt, repeats } = await learn(name);
  const { inputs, outputs } = learnt.signature;
  expect(Object.fromEntries([...inputs, ...outputs].map(spec => [spec.name, spec.rowAxis]))).toEqual(axes);
  expect(learnt.rows).toEqual(
    reason === undefined
      ? { independent: true }
      : { independent: false, reason: expect.stringMatching(reason) },
  );
  expect(repeats).toBe(name !== 'noise');
});
