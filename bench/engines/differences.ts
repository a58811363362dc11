import type { EngineTensor } from '../../lib/runtime/engine/tensor.ts';
import { ulpsBetween } from './ulps.ts';

/** How far two answers are apart. */
export interface Differences {
  isEqual: boolean;
  /** Labels equal, floats within 1e-6 of the value and 1e-7 of the largest. */
  isClose: boolean;
  /**
   * The most units in the last place between two floats; those that differ by no more than the type's epsilon are left
   * out, since sums that cancel have no more digits.
   */
  ulps: number;
  text: string;
}

const epsilons = { float32: 2 ** -23, float64: 2 ** -52 };

/** @param magnitude - of what the answers were summed up from, where they may be much smaller @default 1 */
export function largestDifference(
  names: string[],
  expected: EngineTensor[],
  actual: EngineTensor[],
  magnitude = 1,
): Differences {
  let [isEqual, isClose, ulps] = [true, true, 0];
  const texts = names.flatMap((name, index) => {
    const [want, got] = [expected[index]!, actual[index]!];
    if (got === undefined || want.type !== got.type || `${want.dims}` !== `${got.dims}`) {
      [isEqual, isClose, ulps] = [false, false, Number.POSITIVE_INFINITY];
      return `${name} is ${got?.type}[${got?.dims}], not ${want.type}[${want.dims}]`;
    }
    const type = want.type === 'float32' || want.type === 'float64' ? want.type : undefined;
    const scale = type === undefined ? 0 : largest(want.data as Float32Array, magnitude);
    let most = 0;
    let where = -1;
    for (let i = 0; i < want.data.length; i++) {
      const [a, b] = [want.data[i], got.data[i]];
      if (Object.is(a, b) || a === b) {
        continue;
      }
      isEqual = false;
      const distance =
        type === undefined ? Number.POSITIVE_INFINITY : Math.abs((a as number) - (b as number));
      const excess = type === undefined ? distance : distance / (1e-7 * scale + 1e-6 * Math.abs(a as number));
      if (!(excess <= most)) {
        most = Number.isNaN(excess) ? Number.POSITIVE_INFINITY : excess;
        where = i;
      }
      if (type === undefined) {
        ulps = Number.POSITIVE_INFINITY;
      } else if (!(distance <= epsilons[type] * magnitude)) {
        ulps = Math.max(ulps, ulpsBetween(type, a as number, b as number));
      }
    }
    isClose &&= most <= 1;
    return where < 0
      ? []
      : `${name}[${where} of ${want.dims}] is ${got.data[where]}, not ${want.data[where]} (${most.toFixed(2)} of what is allowed)`;
  });
  return { isEqual, isClose, ulps, text: texts.join('; ') };
}

function largest(data: Float32Array, least: number): number {
  return data.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    least,
  );
}
