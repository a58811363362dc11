import { fromFloat16Bits } from '../../lib/contract/float16.ts';
import type { TensorData } from '../../lib/contract/tensor-data.ts';
import type { EngineTensor } from '../../lib/runtime/engine/tensor.ts';
import { ulpsBetween } from './ulps.ts';

/** The differences between two answers. */
export interface Differences {
  isEqual: boolean;
  /**
   * Whether labels are equal, floats within 1e-6 of the value and 1e-7 of the largest, and float16 within its last
   * place.
   */
  isClose: boolean;
  /**
   * The largest distance of two floats in units in the last place. Floats that differ by no more than the type's
   * epsilon are left out, because sums that cancel have no more digits.
   */
  ulps: number;
  text: string;
}

const epsilons = { float16: 2 ** -10, float32: 2 ** -23, float64: 2 ** -52 };

/** @param magnitude - the size of the summed values, if the answers may be much smaller @default 1 */
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
    const type = want.type in epsilons ? (want.type as keyof typeof epsilons) : undefined;
    const [wanted, gotten] = [elementsOf(want), elementsOf(got)];
    const scale = type === undefined ? 0 : largest(wanted as Float32Array, magnitude);
    const relative = type === 'float16' ? epsilons.float16 : 1e-6;
    let most = 0;
    let where = -1;
    for (let i = 0; i < wanted.length; i++) {
      const [a, b] = [wanted[i], gotten[i]];
      if (Object.is(a, b) || a === b) {
        continue;
      }
      isEqual = false;
      const distance =
        type === undefined ? Number.POSITIVE_INFINITY : Math.abs((a as number) - (b as number));
      const excess =
        type === undefined ? distance : distance / (1e-7 * scale + relative * Math.abs(a as number));
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
      : `${name}[${where} of ${want.dims}] is ${gotten[where]}, not ${wanted[where]} (${most.toFixed(2)} of what is allowed)`;
  });
  return { isEqual, isClose, ulps, text: texts.join('; ') };
}

/** float16 values are stored as their bits. */
function elementsOf({ type, data }: EngineTensor): TensorData {
  return type === 'float16' ? Float32Array.from(data as Uint16Array, fromFloat16Bits) : data;
}

function largest(data: Float32Array, least: number): number {
  return data.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    least,
  );
}
