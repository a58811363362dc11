import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import wabt from 'wabt';
import { prepareMatrix } from '../../../lib/runtime/engine/compiled/matrix/prepare-matrix.ts';

const source = fileURLToPath(
  new URL('../../../lib/runtime/engine/compiled/matrix/sgemm.wat', import.meta.url),
);

afterEach(() => vi.unstubAllGlobals());

test('sgemm-code.ts is what sgemm.wat assembles to; `vitest -u` writes it', async () => {
  const { parseWat } = await wabt();
  const { buffer } = parseWat(source, readFileSync(source, 'utf8'), {
    simd: true,
    relaxed_simd: true,
  }).toBinary({});
  const code = Buffer.from(buffer).toString('base64');
  await expect(
    `/** \`sgemm.wat\`, assembled. */\nexport const sgemmCode =\n  '${code}';\n`,
  ).toMatchFileSnapshot(source.replace('sgemm.wat', 'sgemm-code.ts'));
});

const matrix = {
  data: Float32Array.from({ length: 5 * 19 }, (_, index) => (index % 7) - 3),
  depth: 5,
  columns: 19,
  offset: 0,
  rowStride: 19,
  columnStride: 1,
};

function product(): number[] {
  const { rows, products, stride, multiply } = prepareMatrix(matrix);
  rows.set([1, 2, 3, 4, 5, -1, 0, 1, 0, -1, 2, 2, 2, 2, 2]);
  multiply(3);
  return [0, 1, 2].flatMap(row => [...products.subarray(row * stride, row * stride + 19)]);
}

test('where a platform compiles no WebAssembly, JavaScript gives the same products', () => {
  const expected = product();
  expect(expected.slice(0, 3)).toEqual([
    [1, 2, 3, 4, 5].reduce((sum, x, row) => sum + x * matrix.data[19 * row]!, 0),
    [1, 2, 3, 4, 5].reduce((sum, x, row) => sum + x * matrix.data[19 * row + 1]!, 0),
    [1, 2, 3, 4, 5].reduce((sum, x, row) => sum + x * matrix.data[19 * row + 2]!, 0),
  ]);
  vi.stubGlobal('WebAssembly', undefined);
  expect(product()).toEqual(expected);
  vi.stubGlobal('WebAssembly', {
    Module: () => {
      throw new Error('Wasm code generation disallowed by embedder');
    },
  });
  expect(product()).toEqual(expected);
});
