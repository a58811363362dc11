import type { Signature } from '../contract/manifest.ts';

/** Usual names of data set columns that are not features. */
const isOther = /^(unnamed: \d+|index|id|row_?id|target|label|labels|class|y|outcome)?$/i;

/**
 * The columns of a data set that are the model's features, in the model's order; `undefined` if unclear.
 * @param columns - names of all columns
 */
export function featureColumns(
  columns: readonly string[],
  { signature: { inputs }, features }: { signature: Signature; features: string[] | undefined },
): string[] | undefined {
  const [only] = inputs;
  const width = only?.shape?.length === 2 ? only.shape[1] : undefined;
  const names = features ?? inputs.map(({ name }) => name);
  if (names.length > 0 && names.every(name => columns.includes(name))) {
    return [...names];
  }
  if (inputs.length !== 1 || typeof width !== 'number') {
    return undefined;
  }
  const candidates = [columns, columns.filter(name => !isOther.test(name.trim()))];
  return candidates.map(names => [...names]).find(names => names.length === width);
}
