import { expect, test } from 'vitest';
import { startDrawing } from '../../../bench/engines/fuzz/draw.ts';
import { generators } from '../../../bench/engines/fuzz/index.ts';
import { judge } from '../../../bench/engines/fuzz/judge.ts';

const seeds = Array.from({ length: 40 }, (_, index) => index + 1);
const good = ['equal', 'close', 'both refuse', 'not covered'];

/** Types that ONNX Runtime has no kernel for: the compiled engine computes what it can. */
const lacking = /Could not find an implementation/;

test.each(Object.keys(generators))('%s: random models give the answers of ONNX Runtime', operator => {
  const judged = seeds.map(seed => ({ seed, ...judge(generators[operator]!(startDrawing(seed))) }));
  const wrong = judged.filter(({ verdict, detail }) => !good.includes(verdict) && !lacking.test(detail));
  expect(wrong).toEqual([]);
  expect(judged.filter(({ verdict }) => verdict === 'equal').length).toBeGreaterThan(5);
});
