import { expect, test } from 'vitest';
import { chooseGolden } from '../../../lib/model/press/golden.ts';
import { randomInputs, seededRandom } from '../../../lib/model/press/random-inputs.ts';
import { declareRows } from '../../../lib/model/rows/declared.ts';

test.each([
  { size: 224, has: true },
  { size: 384, has: false },
])('two photographs of $size × $size: a golden vector is $has', ({ size, has }) => {
  const image = { name: 'image', datatype: 'FP32' as const, shape: ['N', 3, size, size] };
  const signature = declareRows([image], []);
  const inputs = randomInputs(signature.inputs, { openSize: 2, integers: 10 }, seededRandom(1))!;
  const vectors = [{ inputs, outputs: [] }];
  expect(chooseGolden({ vectors, repeats: true, refusal: '' }, signature).kept).toBe(has);
});
