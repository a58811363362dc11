import type { Datatype } from '../../contract/manifest.ts';

/** As `lib/model/press/compare.ts` has it: the difference that another CPU may make. */
export interface Tolerance {
  relative: number;
  absolute: number;
}

/** float16 has 13 bits of mantissa less than float32. */
const halfFactor = 100;

/** The first element that lies beyond tolerance, in words; elements are as JSON spells them. */
export function differs(
  expected: { name: string; datatype: Datatype; data: unknown[] },
  actual: readonly unknown[],
  tolerance: Tolerance,
): string | undefined {
  const { name, datatype, data } = expected;
  const allowance = datatype.startsWith('FP') ? floatAllowance(data, datatype, tolerance) : () => 0;
  const index = data.findIndex((want, at) => !near(want, actual[at], allowance));
  return index === -1
    ? undefined
    : `output "${name}", element ${index}: expected ${data[index]}, got ${actual[index]}`;
}

function near(want: unknown, got: unknown, allowance: (want: number) => number): boolean {
  if (typeof want === 'number' && typeof got === 'number') {
    return Math.abs(want - got) <= allowance(want);
  }
  return want === got;
}

function floatAllowance(data: unknown[], datatype: Datatype, { relative, absolute }: Tolerance) {
  const factor = datatype === 'FP16' ? halfFactor : 1;
  const scale = data.reduce<number>(
    (most, value) => Math.max(most, typeof value === 'number' ? Math.abs(value) : 0),
    1,
  );
  return (want: number) => factor * (absolute * scale + relative * Math.abs(want));
}
