import { toJsonCell } from './cells.ts';
import type { Datatype, PressedManifest } from './manifest.ts';

/** What a model knows about the columns of its records. */
export type Columns = Pick<PressedManifest, 'signature' | 'features'>;

/**
 * Returns the model's name of a column, which may have spaces where the model has `_`, or the reverse, because LightGBM
 * saves names with `_` in place of spaces. A name that the model does not know is returned unchanged.
 */
export function modelNames({ signature: { inputs }, features = [] }: Columns): (column: string) => string {
  const names = [...inputs.map(({ name }) => name), ...features];
  const known = new Set(names);
  const respelled = new Map(names.map(name => [withUnderscores(name), name]));
  return column => (known.has(column) ? column : (respelled.get(withUnderscores(column)) ?? column));
}

function withUnderscores(name: string): string {
  return name.replaceAll(' ', '_');
}

/** Returns the datatypes of columns by name: an input, an element such as `ids[0]`, or a feature. */
export function columnTypes(model: Columns) {
  const { signature, features = [] } = model;
  const { inputs } = signature;
  const nameOf = modelNames(model);
  const types = new Map<string, Datatype>([
    ...features.map((name): [string, Datatype] => [name, inputs[0]!.datatype]),
    ...inputs.map(({ name, datatype }): [string, Datatype] => [name, datatype]),
  ]);
  /** `undefined` if the model does not know the column. */
  return (column: string): Datatype | undefined =>
    types.get(nameOf(column)) ?? types.get(/^(.*)\[\d+\]$/s.exec(column)?.[1] ?? '');
}

/**
 * Whether the first row of a CSV is a header. It is if it names all features or, if they are unknown, all required
 * inputs; or if it consists only of such names, and the others may be missing. Names that are all numbers are not a
 * header, because a row of data may look the same.
 */
export function isHeader(row: readonly string[], model: Columns): boolean {
  const { signature, features } = model;
  const { inputs } = signature;
  const cells = row.map(modelNames(model));
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

/** Returns the columns of rows without a header; `undefined` if they are the elements of the model's only input. */
export function orderedColumns({ signature: { inputs }, features }: Columns): string[] | undefined {
  return features ?? (inputs.length > 1 ? inputs.map(({ name }) => name) : undefined);
}
