import { type Datatype, isFloat } from '../../contract/datatypes.ts';
import { allowance, type Tolerance } from '../../contract/tolerance.ts';

/** Describes the first element that exceeds the tolerance; elements are spelled as in JSON. */
export function differs(
  expected: { name: string; datatype: Datatype; data: unknown[] },
  actual: readonly unknown[],
  tolerance: Tolerance,
): string | undefined {
  const { name, datatype, data } = expected;
  const allowed = isFloat(datatype) ? allowance(data, tolerance, { isHalf: datatype === 'FP16' }) : () => 0;
  const index = data.findIndex((want, at) => !near(want, actual[at], allowed));
  return index === -1
    ? undefined
    : `output "${name}", element ${index}: expected ${data[index]}, got ${actual[index]}`;
}

function near(want: unknown, got: unknown, allowed: (want: number) => number): boolean {
  if (typeof want === 'number' && typeof got === 'number') {
    return Math.abs(want - got) <= allowed(want);
  }
  return want === got;
}
