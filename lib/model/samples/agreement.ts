import { allowance, type Tolerance } from '../../contract/tolerance.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import type { Difference } from '../press/compare.ts';
import { elementCount } from '../press/tensors.ts';

/** A difference in one row of the samples. */
export interface RowDifference extends Difference {
  /** Row number, from 0. */
  row: number;
  /** `|actual - expected|`; `Infinity` if one of them is NaN. */
  distance: number;
}

/** How a model's answers compare with the expected outputs of its samples. */
export interface Agreement {
  rows: number;
  /** Number of rows with a difference beyond tolerance. */
  differing: number;
  /** Number of rows with another label or text; `null` if the samples expect none. */
  mislabelled: number | null;
  /** The largest difference of floats, within tolerance or not; 0 if the samples expect none. */
  worstDistance: number;
  /** The difference that exceeds its tolerance the most. */
  worst?: RowDifference;
  /** The `absolute` tolerance under which all floats would agree; `Infinity` if none would do. */
  neededAbsolute: number;
}

/** Accumulates the agreement over batches of rows. */
export function agreementOf(tolerance: Tolerance): {
  /** @param row - the first row of the batch; expected and actual tensors have rows first */
  add: (row: number, expected: readonly ProbeTensor[], actual: readonly (ProbeTensor | undefined)[]) => void;
  result: (rows: number) => Agreement;
} {
  const differing = new Set<number>();
  const mislabelled = new Set<number>();
  let hasLabels = false;
  let worstDistance = 0;
  let neededAbsolute = 0;
  let worst: RowDifference | undefined;
  const note = (difference: RowDifference) => {
    differing.add(difference.row);
    if (difference.excess > (worst?.excess ?? 0)) {
      worst = difference;
    }
  };
  const add = (start: number, expected: ProbeTensor, actual: ProbeTensor | undefined) => {
    const { name: output, type, data } = expected;
    if (actual === undefined || form(actual) !== form(expected)) {
      const forms = { expected: form(expected), actual: form(actual) };
      note({ output, ...forms, row: start, excess: Number.POSITIVE_INFINITY, distance: Infinity });
      neededAbsolute = Number.POSITIVE_INFINITY;
      return;
    }
    const isFloat = type.startsWith('float');
    hasLabels ||= !isFloat;
    const isHalf = type === 'float16';
    const allowed = allowance(data, tolerance, { isHalf });
    // The difference that one unit of the absolute tolerance allows.
    const perAbsolute = allowance(data, { relative: 0, absolute: 1 }, { isHalf })(0);
    const rowSize = Math.max(1, elementCount(expected.dims.slice(1)));
    for (let element = 0; element < data.length; element++) {
      const want = data[element];
      const got = actual.data[element];
      if (Object.is(want, got) || want === got) {
        continue;
      }
      const row = start + Math.floor(element / rowSize);
      const difference = { output, element, expected: want, actual: got, row };
      if (!isFloat) {
        mislabelled.add(row);
        note({ ...difference, excess: 2, distance: Number.POSITIVE_INFINITY });
        continue;
      }
      const distance = finite(Math.abs((got as number) - (want as number)));
      const limit = allowed(want as number);
      worstDistance = Math.max(worstDistance, distance);
      if (finite(distance / limit) > 1) {
        note({ ...difference, excess: finite(distance / limit), distance });
        const byRelative = limit - tolerance.absolute * perAbsolute;
        neededAbsolute = Math.max(neededAbsolute, finite((distance - byRelative) / perAbsolute));
      }
    }
  };
  return {
    add: (row, expected, actual) => {
      for (const [index, tensor] of expected.entries()) {
        add(row, tensor, actual[index]);
      }
    },
    result: rows => ({
      rows,
      differing: differing.size,
      mislabelled: hasLabels ? mislabelled.size : null,
      worstDistance,
      neededAbsolute,
      ...(worst && { worst }),
    }),
  };
}

function form(tensor: ProbeTensor | undefined): string {
  return `${tensor?.type}[${tensor?.dims}]`;
}

function finite(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}
