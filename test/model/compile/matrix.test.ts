import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { operators } from '../../../lib/model/compile/operators/index.ts';
import { findMatrix, type Matrix, page, parseMatrix, withMatrix } from './matrix.ts';

let matrix: Matrix;
const written = readFileSync(page, 'utf8');

beforeAll(() => {
  matrix = findMatrix();
}, 300_000);

test('every operator gives the answers of ONNX Runtime, in every type and opset that both have', () => {
  expect(matrix.failures).toEqual([]);
});

test('every operator that is covered is tested', () => {
  // ONNX Runtime has no Solve; operators.test.ts has what it gives.
  const comparable = Object.keys(operators).filter(operator => operator !== 'com.microsoft.Solve');
  expect([...matrix.rows.keys()].sort()).toEqual(comparable.sort());
});

test('docs/engines.md says what was found (node test/model/compile/write-matrix.ts)', () => {
  const stated = parseMatrix(written);
  const found = parseMatrix(withMatrix(written, matrix));
  const plain = (rows: typeof found) => rows.map(({ ulps, ...row }) => row);
  expect(plain(stated)).toEqual(plain(found));
  if (process.arch === 'x64') {
    // Other CPUs add up in other orders; what is stated may not become worse unnoticed.
    expect(found.filter(({ ulps }, index) => ulps > stated[index]!.ulps)).toEqual([]);
  }
});
