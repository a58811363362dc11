import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bundleFunction } from '../../../lib/pack/bundle.ts';
import { resolvePlan } from '../../../lib/pack/plan.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('the function without a score is at most 65 KB, and holds no package', async () => {
  const plan = resolvePlan({ model: 'model.onnx' }, { config: {}, dir: root }, root);
  const { code, metafile } = await bundleFunction(plan, { engine: 'onnxruntime', kernels: [] });
  expect(code.length).toBeLessThanOrEqual(65_000);
  const foreign = Object.keys(metafile.inputs).filter(path => path.includes('node_modules'));
  expect(foreign).toEqual([]);
});
