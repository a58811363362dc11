import { toJsonCell } from './cells.ts';
import type { Datatype, PressedManifest } from './manifest.ts';

/** What a model tells of the columns of its records. */
export type Columns = Pick<PressedManifest, 'signature' | 'features'>;

/** The datatype of a column by its name: an input's, an element's as in `ids[0]`, or a feature's. */
export function columnTypes({ signature: { inputs }, features = [] }: Columns) {
  const types = new Map<string, Datatype>([
    ...features.map((name): [string, Datatype] => [name, inputs[0]!.datatype]),
    ...inputs.map(({ name, datatype }): [string, Datatype] => [name, datatype]),
  ]);
  /** `undefined` for a column that the model does not know. */
  return (column: string): Datatype | undefined =>
    types.get(column) ?? types.get(/^(.*)\[\d+\]$/s.exec(column)?.[1] ?? '');
}

/**
 * Whether the first row of CSV is a header: it has the names of all features or, where they are unknown, of all inputs
 * that a record must have; or it has nothing but such names, and the others may be missing. Names that are all numbers
 * make no header, as a row of data may be the same.
 */
export function isHeader(cells: readonly string[], { signature: { inputs }, features }: Columns): boolean {
  const required = inputs.filter(({ optional }) => optional !== true);
  const names = features ?? required.map(({ name }) => name);
  const specOf = (index: number) => (features === undefined ? required[index] : inputs[0]);
  const lacking = names.flatMap((name, index) =>
    cells.includes(name) || cells.includes(`${name}[0]`) ? [] : specOf(index)!,
  );
  const isPart =
    lacking.every(({ mayBeMissing, category }) => mayBeMissing === true || category === true) &&
    cells.every(cell => names.includes(cell));
  return (
    (lacking.length === 0 || isPart) && names.some(name => typeof toJsonCell(name, undefined) !== 'number')
  );
}

/** The columns of rows without a header; `undefined` where they are the elements of the model's only input. */
export function orderedColumns({ signature: { inputs }, features }: Columns): string[] | undefined {
  return features ?? (inputs.length > 1 ? inputs.map(({ name }) => name) : undefined);
}
