import type { Dimension, Signature, SizedOutput, SizeTerm } from '../../contract/manifest.ts';
import { isOpen } from '../../contract/signature.ts';
import type { Dimensions } from '../rows/resize.ts';

/** A run with the given sizes, and the shapes of its outputs in the signature's order. */
interface SizedRun {
  sizes: readonly number[];
  outputs: readonly (readonly number[])[];
}

/**
 * Returns the outputs whose open dimensions all have the names of inputs' dimensions, and had their sizes in every run.
 * Equal sizes without equal names are not enough: a model may cut what is longer than in any run.
 */
export function sizeOutputs(
  { inputs, outputs }: Signature,
  groups: readonly Dimensions[],
  runs: readonly SizedRun[],
): SizedOutput[] {
  const groupOf = (dimension: Dimension) =>
    groups.findIndex(
      group =>
        typeof dimension === 'string' &&
        group.every(({ input, axis }) => inputs[input]!.shape?.[axis] === dimension),
    );
  return outputs.flatMap(({ name, shape }, output): SizedOutput[] => {
    const dims = (shape ?? [-1]).map((declared, axis): SizeTerm[] | undefined => {
      const made = (run: SizedRun) => run.outputs[output]?.[axis];
      if (!isOpen(declared)) {
        return runs.every(run => made(run) === declared) ? [[Number(declared)]] : undefined;
      }
      const group = groupOf(declared);
      return group >= 0 && runs.every(run => made(run) === run.sizes[group]) ? [[1, group]] : undefined;
    });
    const known = dims.filter(terms => terms !== undefined);
    // The limit of records already bounds an output that only grows with its rows.
    const growing = known.filter(terms => terms.some(([, ...of]) => of.length > 0));
    return known.length === dims.length && growing.length > 1 ? [{ name, dims: known }] : [];
  });
}
