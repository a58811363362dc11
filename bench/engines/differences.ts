import type { EngineTensor } from '../../lib/runtime/engine/tensor.ts';

/** How far two answers are apart. */
export interface Differences {
  isEqual: boolean;
  /** Labels equal, floats within 1e-6 of the value and 1e-7 of the largest. */
  isClose: boolean;
  text: string;
}

export function largestDifference(
  names: string[],
  expected: EngineTensor[],
  actual: EngineTensor[],
): Differences {
  let [isEqual, isClose] = [true, true];
  const texts = names.flatMap((name, index) => {
    const [want, got] = [expected[index]!, actual[index]!];
    if (got === undefined || want.type !== got.type || `${want.dims}` !== `${got.dims}`) {
      [isEqual, isClose] = [false, false];
      return `${name} is ${got?.type}[${got?.dims}], not ${want.type}[${want.dims}]`;
    }
    const isFloat = want.type === 'float32' || want.type === 'float64';
    const scale = isFloat ? magnitude(want.data as Float32Array) : 0;
    let most = 0;
    let where = -1;
    for (let i = 0; i < want.data.length; i++) {
      const [a, b] = [want.data[i], got.data[i]];
      if (Object.is(a, b) || a === b) {
        continue;
      }
      isEqual = false;
      const distance = isFloat ? Math.abs((a as number) - (b as number)) : Number.POSITIVE_INFINITY;
      const excess = isFloat ? distance / (1e-7 * scale + 1e-6 * Math.abs(a as number)) : distance;
      if (!(excess <= most)) {
        most = Number.isNaN(excess) ? Number.POSITIVE_INFINITY : excess;
        where = i;
      }
    }
    isClose &&= most <= 1;
    return where < 0
      ? []
      : `${name}[${where} of ${want.dims}] is ${got.data[where]}, not ${want.data[where]} (${most.toFixed(2)} of what is allowed)`;
  });
  return { isEqual, isClose, text: texts.join('; ') };
}

function magnitude(data: Float32Array): number {
  return data.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 1);
}
