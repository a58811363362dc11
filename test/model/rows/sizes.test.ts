import { expect, test } from 'vitest';
import type { Dimension } from '../../../lib/contract/manifest.ts';
import { closeShape } from '../../../lib/contract/signature.ts';
import { declareRows } from '../../../lib/model/rows/declared.ts';
import type { RunModel } from '../../../lib/model/rows/prove-rows.ts';
import { proveSizes } from '../../../lib/model/rows/prove-sizes.ts';
import type { ProbeTensor } from '../../../lib/runtime/probe/types.ts';

type Dims = number[][];
const has = (size: number) => (dims: number[]) => dims.includes(size);

/** Engines that die of some sizes and refuse others, and the least that a request may then have. */
const cases: {
  name: string;
  shapes: (Dimension[] | null)[];
  dies?: (dims: Dims) => boolean;
  refuses?: (dims: Dims) => boolean;
  least: Dims;
}[] = [
  { name: 'survives all', shapes: [['N', 4]], least: [[0, 4]] },
  { name: 'dies of 0', shapes: [['N', 4]], dies: dims => dims.some(has(0)), least: [[1, 4]] },
  { name: 'refuses 0', shapes: [['N', 4]], refuses: dims => dims.some(has(0)), least: [[1, 4]] },
  { name: 'dies of 1', shapes: [['N', 4]], dies: dims => dims.some(has(1)), least: [[2, 4]] },
  { name: 'dies of no steps', shapes: [['N', 'T', 4]], dies: ([x]) => x![1] === 0, least: [[0, 1, 4]] },
  {
    name: 'dies of no steps where there are many records',
    shapes: [['N', 'T', 4]],
    dies: ([x]) => x![1] === 0 && x![0]! > 32,
    least: [[0, 1, 4]],
  },
  {
    name: 'dies of no steps of one record',
    shapes: [['N', 'T', 4]],
    dies: ([x]) => x![1] === 0 && x![0] === 1,
    least: [[0, 1, 4]],
  },
  {
    name: 'dies of two that are empty at once',
    shapes: [['N', 'T', 4]],
    dies: ([x]) => x![0] === 0 && x![1] === 0,
    least: [[0, 1, 4]],
  },
  {
    name: 'takes one name for one size',
    shapes: [['N', 4], ['T'], ['T', 'N']],
    dies: ([a, b, c]) => a![0] !== c![1] || b![0] !== c![0],
    least: [[0, 4], [0], [0, 0]],
  },
  { name: 'has no open dimension', shapes: [[1, 4], []], dies: () => true, least: [[1, 4], []] },
  { name: 'has no declared rank', shapes: [null], dies: () => true, least: [[]] },
];

test.each(cases)('an engine that $name: $least', async ({ shapes, dies, refuses, least }) => {
  const { inputs } = declareRows(
    shapes.map((shape, index) => ({ name: `x${index}`, datatype: 'FP32', shape })),
    [],
  );
  const base = inputs.map(({ name, shape }): ProbeTensor => {
    const dims = closeShape(shape ?? [], 2);
    const data = new Float32Array(dims.reduce((product, size) => product * size, 1));
    return { name, type: 'float32', dims, data };
  });
  const run: RunModel = async tensors => {
    const dims = tensors.map(tensor => tensor.dims);
    for (const { dims, data } of tensors) {
      expect(data).toHaveLength(dims.reduce((product, size) => product * size, 1));
    }
    if (dies?.(dims)) {
      return { kind: 'died', how: 'crash', detail: 'SIGSEGV' };
    }
    return refuses?.(dims)
      ? { kind: 'refused', message: 'no' }
      : { kind: 'answered', ms: 0, tensors: [], outputs: [] };
  };
  const proven = await proveSizes(run, inputs, base);
  expect(proven.map(({ minShape }) => minShape)).toEqual(least);
});
