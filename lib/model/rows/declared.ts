import type { InputSpec, Signature } from '../../contract/manifest.ts';
import { closeShape, isOpen } from '../../contract/signature.ts';

/** A tensor as the model declares it, before its rows are known. */
export type DeclaredTensor = Omit<InputSpec, 'rowAxis' | 'minShape'>;

/** The row axis of each input. */
export type RowAxes = readonly (number | null)[];

/** Names that exporters use for the dimension that counts records. */
const batchName = /^(n|b|bs)$|batch/i;

/** Returns the row axes as far as declarations show them, without running the model. */
export function declareRows(
  inputs: readonly DeclaredTensor[],
  outputs: readonly DeclaredTensor[],
): Signature {
  return withRows(inputs, outputs, candidateAxes(inputs)[0]);
}

/**
 * Returns the signature for inputs that count records along these axes. An output counts them along the axis with the
 * same name, or along a first dimension that is always 1.
 */
export function withRows(
  inputs: readonly DeclaredTensor[],
  outputs: readonly DeclaredTensor[],
  axes: RowAxes,
): Signature {
  const names = new Set<unknown>(
    inputs.map(({ shape }, index) => shape?.[axes[index] ?? -1]).filter(size => typeof size === 'string'),
  );
  const outputAxis = ({ shape }: DeclaredTensor) => {
    const named = shape?.findIndex(size => names.has(size)) ?? -1;
    return named >= 0 ? named : shape?.[0] === 1 ? 0 : null;
  };
  return {
    inputs: inputs.map((spec, index) => ({
      ...spec,
      rowAxis: axes[index] ?? null,
      minShape: closeShape(spec.shape ?? [], 1),
    })),
    outputs: outputs.map(spec => ({ ...spec, rowAxis: outputAxis(spec) })),
  };
}

/**
 * Returns the row axes worth proving, the likeliest first: dimensions named like a batch that are not the first, as in
 * `[T, N, features]`, then the first dimensions.
 */
export function candidateAxes(inputs: readonly DeclaredTensor[]): [RowAxes, ...RowAxes[]] {
  const leading = leadingAxes(inputs);
  if (batchName.test(leadingName(inputs) ?? '')) {
    return [leading];
  }
  const later = inputs.flatMap(({ shape }) =>
    shape === null || shape.length < 3 || shape[0] === 1 ? [] : shape.slice(1),
  );
  const names = new Set(later.filter(size => typeof size === 'string' && batchName.test(size)) as string[]);
  const [likeliest, ...others] = [...[...names].map(name => axesNamed(name, inputs)), leading];
  return [likeliest!, ...others];
}

/**
 * Treats an input's first dimension as the row axis if it is open, or if it is the 1 of a model that takes one record
 * at a time. If the first dimension of one input has a name, a later dimension of that name in another input is its
 * row axis too: the states of an LSTM are `[layers, N, hidden]`.
 */
function leadingAxes(inputs: readonly DeclaredTensor[]): RowAxes {
  const name = leadingName(inputs);
  return name === undefined ? inputs.map(firstAxis) : axesNamed(name, inputs);
}

function leadingName(inputs: readonly DeclaredTensor[]): string | undefined {
  return inputs.map(({ shape }) => shape?.[0]).find(size => typeof size === 'string');
}

function axesNamed(name: string, inputs: readonly DeclaredTensor[]): RowAxes {
  return inputs.map(spec => {
    const axis = spec.shape?.indexOf(name) ?? -1;
    return axis === -1 ? firstAxis(spec) : axis;
  });
}

function firstAxis({ shape }: DeclaredTensor): number | null {
  const first = shape === null ? -1 : shape[0];
  return first !== undefined && (first === 1 || isOpen(first)) ? 0 : null;
}
