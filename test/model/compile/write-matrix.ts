/** Puts what the tests find of every operator into docs/engines.md: `node test/model/compile/write-matrix.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { findMatrix, page, withMatrix } from './matrix.ts';

const matrix = findMatrix();
for (const failure of matrix.failures) {
  console.error(failure);
}
writeFileSync(page, withMatrix(readFileSync(page, 'utf8'), matrix));
process.exit(matrix.failures.length === 0 ? 0 : 1);
