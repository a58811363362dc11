import { expect, test } from 'vitest';
import { startDrawing } from '../../../bench/engines/fuzz/draw.ts';
import { generators } from '../../../bench/engines/fuzz/index.ts';
import { isWrong, judge } from '../../../bench/engines/fuzz/judge.ts';

const seeds = Array.from({ length: 40 }, (_, index) => index + 1);

test.each(Object.keys(generators))('%s: random models give the answers of ONNX Runtime', operator => {
  const judged = seeds.map(seed => ({ seed, ...judge(generators[operator]!(startDrawing(seed))) }));
  expect(judged.filter(isWrong)).toEqual([]);
  expect(judged.filter(({ verdict }) => verdict === 'equal').length).toBeGreaterThan(5);
});
