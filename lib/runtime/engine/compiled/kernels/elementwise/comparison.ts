import type { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';
import { eachPair } from './pairs.ts';

type Scalar = number | bigint | string;

function comparison(operator: string, holds: (a: Scalar, b: Scalar) => boolean): Kernel {
  const out = { type: 'bool' as const, make: (length: number) => new Uint8Array(length) };
  return () => (a: EngineTensor, b: EngineTensor) => [
    eachPair(operator, [a, b], (x: Scalar, y: Scalar) => Number(holds(x, y)), out),
  ];
}

export const equal: Kernel = settings => comparison('Equal', (a, b) => a === b)(settings, []);
export const less: Kernel = settings => comparison('Less', (a, b) => a < b)(settings, []);
export const lessOrEqual: Kernel = settings => comparison('LessOrEqual', (a, b) => a <= b)(settings, []);
export const greater: Kernel = settings => comparison('Greater', (a, b) => a > b)(settings, []);
export const greaterOrEqual: Kernel = settings =>
  comparison('GreaterOrEqual', (a, b) => a >= b)(settings, []);

export const and: Kernel = settings => comparison('And', (a, b) => a !== 0 && b !== 0)(settings, []);
export const or: Kernel = settings => comparison('Or', (a, b) => a !== 0 || b !== 0)(settings, []);
export const xor: Kernel = settings => comparison('Xor', (a, b) => (a !== 0) !== (b !== 0))(settings, []);
