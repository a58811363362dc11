import { allowance, type Tolerance } from '../../contract/tolerance.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';

export interface Difference {
  output: string;
  /** Index in row-major order; absent if type or shape differ. */
  element?: number;
  expected: unknown;
  actual: unknown;
  /** The difference as a multiple of the tolerance: more than 1. */
  excess: number;
}

/**
 * Returns the worst difference beyond tolerance between two answers, or `undefined`. Floats are compared by tolerance
 * and NaN equals NaN; everything else must be equal.
 */
export function compareOutputs(
  expected: readonly ProbeTensor[],
  actual: readonly (ProbeTensor | undefined)[],
  tolerance: Tolerance,
): Difference | undefined {
  let worst: Difference | undefined;
  for (const [index, tensor] of expected.entries()) {
    const difference = compareTensors(tensor, actual[index], tolerance);
    if (difference !== undefined && difference.excess > (worst?.excess ?? 0)) {
      worst = difference;
    }
  }
  return worst;
}

function compareTensors(
  expected: ProbeTensor,
  actual: ProbeTensor | undefined,
  tolerance: Tolerance,
): Difference | undefined {
  const output = expected.name;
  const form = (tensor: ProbeTensor | undefined) => `${tensor?.type}[${tensor?.dims}]`;
  if (form(expected) !== form(actual)) {
    return { output, expected: form(expected), actual: form(actual), excess: Number.POSITIVE_INFINITY };
  }
  const isFloat = expected.type.startsWith('float');
  const allowed = isFloat
    ? allowance(expected.data, tolerance, { isHalf: expected.type === 'float16' })
    : () => 0;
  let worst: Difference | undefined;
  for (let element = 0; element < expected.data.length; element++) {
    const want = expected.data[element];
    const got = actual!.data[element];
    const excess = isFloat
      ? excessOf(want as number, got as number, allowed(want as number))
      : Number(want !== got) * 2;
    if (excess > 1 && excess > (worst?.excess ?? 0)) {
      worst = { output, element, expected: want, actual: got, excess };
    }
  }
  return worst;
}

function excessOf(expected: number, actual: number, allowed: number): number {
  if (Object.is(expected, actual) || expected === actual) {
    return 0;
  }
  const excess = Math.abs(actual - expected) / allowed;
  return Number.isNaN(excess) ? Number.POSITIVE_INFINITY : excess;
}

export function describeDifference({ output, element, expected, actual }: Difference): string {
  const place = element === undefined ? '' : `, element ${element}`;
  return `output "${output}"${place}: expected ${expected}, got ${actual}`;
}
