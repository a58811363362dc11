import { tanh } from '../../rational-functions.ts';
import { dotRows, type Matrix, type Weights } from '../linear/dot-rows.ts';

const { fround } = Math;

/** How the similarity of two rows is computed. */
export interface KernelFunction {
  function: 'LINEAR' | 'POLY' | 'RBF' | 'SIGMOID';
  gamma: number;
  coef0: number;
  degree: number;
}

/**
 * Returns the similarity of each row to each support vector, in float32.
 * @param constant - added by a linear kernel
 */
export function similarities(
  { function: kind, gamma, coef0, degree }: KernelFunction,
  rows: Matrix,
  vectors: Weights,
  constant = 0,
): Float32Array {
  switch (kind) {
    case 'LINEAR':
      return dotRows(rows, vectors, { start: constant });
    case 'RBF':
      return radial(gamma, rows, vectors);
    case 'POLY':
      return dotRows(rows, vectors, { scale: gamma, start: coef0 }).map(value => power(value, degree));
    case 'SIGMOID':
      return dotRows(rows, vectors, { scale: gamma, start: coef0 }).map(tanh);
  }
}

function power(base: number, degree: number): number {
  return degree === 2 ? base * base : degree === 3 ? fround(base * base) * base : base ** degree;
}

function radial(gamma: number, { data: x, rows, columns }: Matrix, vectors: Matrix): Float32Array {
  const { data: v, rows: count } = vectors;
  const out = new Float32Array(rows * count);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let vector = 0; vector < count; vector++) {
      let sum = 0;
      for (let i = row * columns, j = vector * columns; j < (vector + 1) * columns; i++, j++) {
        const difference = fround(x[i]! - v[j]!);
        sum = fround(sum + fround(difference * difference));
      }
      out[at++] = Math.exp(fround(-gamma * sum));
    }
  }
  return out;
}
