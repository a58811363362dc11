import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import wabt from 'wabt';
import { randomNumbers } from '../../../bench/models/random.ts';
import { logisticAll } from '../../../lib/runtime/engine/compiled/logistic/logistic-all.ts';
import { prepareMatrix } from '../../../lib/runtime/engine/compiled/matrix/prepare-matrix.ts';
import { logistic } from '../../../lib/runtime/engine/compiled/rational-functions.ts';

const folder = fileURLToPath(new URL('../../../lib/runtime/engine/compiled', import.meta.url));

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['matrix', 'sgemm'],
  ['logistic', 'logistic'],
])('%s/%s-code.ts is what its text assembles to; `vitest -u` writes it', async (part, name) => {
  const source = join(folder, part, `${name}.wat`);
  const { parseWat } = await wabt();
  const { buffer } = parseWat(source, readFileSync(source, 'utf8'), {
    simd: true,
    relaxed_simd: true,
  }).toBinary({});
  const code = Buffer.from(buffer).toString('base64');
  await expect(
    `/** \`${name}.wat\`, assembled. */\nexport const ${name}Code =\n  '${code}';\n`,
  ).toMatchFileSnapshot(source.replace('.wat', '-code.ts'));
});

test('the logistic function of many numbers is that of each, bit for bit', () => {
  const random = randomNumbers(3);
  const special = [0, -0, Number.NaN, Infinity, -Infinity, 1e-45, -1e-45, 17.999, 18, -18.5, 88, -104];
  const values = Float32Array.from({ length: 70_001 }, (_, at) => special[at] ?? (random() - 0.5) * 40);
  const expected = values.map(logistic);
  logisticAll(values);
  expect(values).toEqual(expected);
});

/** Multiplies 11 rows by a matrix: sums of more than 4 columns have neighbours in other panels. */
function product(depth: number, columns: number): number[] {
  const random = randomNumbers(columns);
  const data = Float32Array.from({ length: depth * columns }, () => random() - 0.5);
  const { rows, products, stride, multiply } = prepareMatrix({
    data,
    depth,
    columns,
    offset: 0,
    rowStride: columns,
    columnStride: 1,
  });
  const left = Float32Array.from({ length: 11 * depth }, () => random() - 0.5);
  rows.set(left);
  multiply(11);
  const row = (at: number) => [...products.subarray(at * stride, at * stride + columns)];
  expect(row(10)[columns - 1]).toBe(sumOf(left.subarray(10 * depth), data, columns));
  return Array.from({ length: 11 }, (_, at) => row(at)).flat();
}

/** The last column's product, rounded after each addition. */
function sumOf(row: Float32Array, matrix: Float32Array, columns: number): number {
  return row.reduce((sum, x, at) => Math.fround(x * matrix[at * columns + columns - 1]! + sum), 0);
}

test.each([
  [3, 1],
  [37, 1],
  [37, 2],
  [37, 4],
  [37, 5],
  [37, 16],
  [37, 19],
])(
  'where a platform compiles no WebAssembly, JavaScript gives the same products: %i x %i numbers',
  (depth, columns) => {
    const expected = product(depth, columns);
    expect(expected).toHaveLength(11 * columns);
    vi.stubGlobal('WebAssembly', undefined);
    expect(product(depth, columns)).toEqual(expected);
    vi.stubGlobal('WebAssembly', {
      Module: () => {
        throw new Error('Wasm code generation disallowed by embedder');
      },
    });
    expect(product(depth, columns)).toEqual(expected);
  },
);
