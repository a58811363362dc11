import { EngineTensor } from '../../../tensor.ts';
import { isBig } from '../../array-like.ts';
import type { Kernel } from '../../kernel.ts';
import { eachPair } from './pairs.ts';

type Number2 = (a: number, b: number) => number;
type Big2 = (a: bigint, b: bigint) => bigint;

/** An operator on two tensors of one type. Results are rounded or wrapped to the type when stored. */
function arithmetic(
  operator: string,
  compute: { float: Number2; integer: Number2; big: Big2 },
): (a: EngineTensor, b: EngineTensor) => EngineTensor {
  return (a, b) => {
    const isFloat = a.type === 'float32' || a.type === 'float64';
    return eachPair(
      operator,
      [a, b],
      isBig(a.data) ? compute.big : isFloat ? compute.float : compute.integer,
    );
  };
}

/** Combines the first two inputs, then the result with each further input. */
function variadic(pair: (a: EngineTensor, b: EngineTensor) => EngineTensor): Kernel {
  return () =>
    (...inputs: EngineTensor[]) => [inputs.reduce(pair)];
}

const plus: Number2 = (a, b) => a + b;

export const add: Kernel = () => {
  const compute = arithmetic('Add', { float: plus, integer: plus, big: (a, b) => a + b });
  return (a: EngineTensor, b: EngineTensor) => [compute(a, b)];
};

export const sum: Kernel = settings =>
  variadic(arithmetic('Sum', { float: plus, integer: plus, big: (a, b) => a + b }))(settings, []);

export const sub: Kernel = () => {
  const minus: Number2 = (a, b) => a - b;
  const compute = arithmetic('Sub', { float: minus, integer: minus, big: (a, b) => a - b });
  return (a: EngineTensor, b: EngineTensor) => [compute(a, b)];
};

export const mul: Kernel = () => {
  const compute = arithmetic('Mul', { float: (a, b) => a * b, integer: Math.imul, big: (a, b) => a * b });
  return (a: EngineTensor, b: EngineTensor) => [compute(a, b)];
};

export const div: Kernel = () => {
  const compute = arithmetic('Div', {
    float: (a, b) => a / b,
    integer: (a, b) => Math.trunc(a / notZero('Div', b)),
    big: (a, b) => a / notZero('Div', b),
  });
  return (a: EngineTensor, b: EngineTensor) => [compute(a, b)];
};

/** For integers the remainder has the divisor's sign; for floats, and with `fmod`, the dividend's. */
export const mod: Kernel<{ fmod: boolean }> = ({ fmod }) => {
  const compute = arithmetic('Mod', {
    float: (a, b) => a % b,
    integer: (a, b) => {
      const rest = a % notZero('Mod', b);
      return !fmod && rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
    },
    big: (a, b) => {
      const rest = a % notZero('Mod', b);
      return !fmod && rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
    },
  });
  return (a: EngineTensor, b: EngineTensor) => [compute(a, b)];
};

function notZero<N extends number | bigint>(operator: string, divisor: N): N {
  if (!divisor) {
    throw new Error(`${operator}: integer division by zero`);
  }
  return divisor;
}

/** The exponent may have another type; the power has the base's. */
export const pow: Kernel = () => (a: EngineTensor, b: EngineTensor) => {
  if (!isBig(a.data)) {
    return [eachPair('Pow', [a, b], (x: number, y: number | bigint) => power(x, Number(y)))];
  }
  // Computed in double, like C's pow.
  return [eachPair('Pow', [a, b], (x: bigint, y: number | bigint) => toInt64(power(Number(x), Number(y))))];
};

/** C's power, in which 1 and, to an infinite power, -1 have an answer where JavaScript has NaN. */
function power(x: number, y: number): number {
  const isOne = x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY);
  return isOne ? 1 : x ** y;
}

function toInt64(value: number): bigint {
  return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : -(2n ** 63n);
}

export const max: Kernel = settings =>
  variadic(arithmetic('Max', { float: Math.max, integer: Math.max, big: (a, b) => (a > b ? a : b) }))(
    settings,
    [],
  );

export const min: Kernel = settings =>
  variadic(arithmetic('Min', { float: Math.min, integer: Math.min, big: (a, b) => (a < b ? a : b) }))(
    settings,
    [],
  );

export const mean: Kernel = () => {
  const compute = arithmetic('Mean', { float: plus, integer: plus, big: (a, b) => a + b });
  return (...inputs: EngineTensor[]) => {
    const { type, data, dims } = inputs.reduce(compute);
    return [
      new EngineTensor(
        type,
        (data as Float32Array).map(value => value / inputs.length),
        dims,
      ),
    ];
  };
};
