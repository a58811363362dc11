import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bundleFunction } from '../../../lib/pack/bundle.ts';
import { resolvePlan } from '../../../lib/pack/plan.ts';
import * as allReaders from '../../../lib/runtime/tensor/readers/index.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

function bundle({ foresees }: { foresees: boolean }) {
  const plan = resolvePlan({ model: 'model.onnx' }, { config: {}, dir: root }, root);
  const readers = Object.keys(allReaders);
  return bundleFunction(plan, { engine: 'onnxruntime', kernels: [], readers, foresees });
}

test('the function without a score is at most 65 KB, and holds no package', async () => {
  const { code, metafile } = await bundle({ foresees: true });
  expect(code.length).toBeLessThanOrEqual(65_000);
  const foreign = Object.keys(metafile.inputs).filter(path => path.includes('node_modules'));
  expect(foreign).toEqual([]);
});

test.each([true, false])(
  'what computes sizes of outputs before a run is there if the model has such: %s',
  async foresees => {
    const { metafile } = await bundle({ foresees });
    const { inputs } = Object.values(metafile.outputs).find(output =>
      output.entryPoint?.startsWith('handlers/'),
    )!;
    const { bytesInOutput = 0 } = inputs['lib/runtime/foresee/outputs.ts'] ?? {};
    expect(bytesInOutput > 0).toBe(foresees);
  },
);
