import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { seededRandom } from '../press/random-inputs.ts';
import { slice } from '../rows/record-inputs.ts';
import type { Samples } from '../samples/types.ts';

/** Maximum number of rows in the sample, and of elements in all of its rows. */
const mostRows = 20_000;
const mostElements = 2 ** 24;

/** A uniform sample of rows, of bounded size. */
export interface RowSample {
  add(samples: Pick<Samples, 'rows' | 'inputs'>): void;
  /** The sampled rows in no particular order, or all rows in their order if they fit. */
  rows(): Pick<Samples, 'rows' | 'inputs'>;
}

/** Uses Algorithm R (https://doi.org/10.1145/3147.3165). The same rows give the same sample. */
export function rowSample(): RowSample {
  const random = seededRandom(1);
  let kept: ProbeTensor[] = [];
  let capacity = 0;
  let size = 0;
  let seen = 0;

  function start(inputs: readonly ProbeTensor[]) {
    const elements = inputs.reduce((sum, tensor) => sum + rowLength(tensor), 0);
    capacity = Math.max(1, Math.min(mostRows, Math.floor(mostElements / Math.max(1, elements))));
    kept = inputs.map(tensor => ({ ...tensor, data: empty(tensor, capacity * rowLength(tensor)) }));
  }

  return {
    add({ rows, inputs }) {
      if (capacity === 0) {
        start(inputs);
      }
      for (let row = 0; row < rows; row += 1) {
        const to = seen < capacity ? seen : Math.floor(random() * (seen + 1));
        seen += 1;
        if (to < capacity) {
          size = Math.max(size, to + 1);
          for (const [index, tensor] of inputs.entries()) {
            copyRow(tensor, row, { into: kept[index]!, to });
          }
        }
      }
    },
    rows: () => ({
      rows: size,
      inputs: kept.map(tensor => slice({ ...tensor, dims: [capacity, ...tensor.dims.slice(1)] }, 0, 0, size)),
    }),
  };
}

function rowLength({ dims }: ProbeTensor): number {
  return dims.slice(1).reduce((product, dim) => product * dim, 1);
}

function empty({ data }: ProbeTensor, length: number): ProbeTensor['data'] {
  return Array.isArray(data) ? [] : new (data.constructor as Float32ArrayConstructor)(length);
}

function copyRow(from: ProbeTensor, row: number, { into, to }: { into: ProbeTensor; to: number }): void {
  const length = rowLength(from);
  for (let element = 0; element < length; element += 1) {
    (into.data as unknown[])[to * length + element] = from.data[row * length + element];
  }
}
