import { isMissing, toCategory, toElement } from '../../contract/cells.ts';
import { type Columns, modelNames } from '../../contract/columns.ts';
import type { Datatype, Signature, TensorSpec } from '../../contract/manifest.ts';
import { rowShape } from '../../contract/signature.ts';
import { counted } from '../../counted.ts';
import { ColdpressError } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { elementCount, makeTensor } from '../press/tensors.ts';
import type { Samples, Table } from './types.ts';

/**
 * Assigns columns to tensors. A column has the name of an input or output, or `NAME[LABEL]` for one of its elements.
 * If the model has one input, all other columns are its features, in their order.
 * @param known - names of the features, if the model file has them: columns with all of these names may have any order
 */
export function readTable(given: Table, signature: Signature, known?: readonly string[]): Samples {
  const table = withModelNames(given, { signature });
  const rest = new Map(table.columns);
  const expected = signature.outputs.flatMap(spec => takeTensor(rest, spec, table) ?? []);
  const named = signature.inputs.map(spec => takeTensor(rest, spec, table));
  const missing = signature.inputs.filter((_, index) => named[index] === undefined);
  const [only] = missing;
  if (only === undefined && rest.size === 0) {
    return { rows: table.rows, inputs: named.flatMap(tensor => tensor ?? []), expected };
  }
  if (signature.inputs.length !== 1 || only === undefined || rest.size === 0) {
    throw columnsError(table, signature, {
      missing: missing.map(spec => spec.name),
      unknown: [...rest.keys()],
    });
  }
  const features = inOrder([...rest.keys()], known);
  const width = only.shape?.at(-1);
  if (typeof width === 'number' && width >= 0 && width !== features.length) {
    throw new ColdpressError(
      'SAMPLES_COLUMNS',
      `${table.path} has ${counted(features.length, 'feature column')}; the model's input "${only.name}" has ${width}`,
      {
        hint:
          likelyFault(table, features, signature) ??
          `expected values have the columns ${columnsOf(signature.outputs)}`,
      },
    );
  }
  return { rows: table.rows, inputs: [stack(features, rest, only, table)], expected, features };
}

/** Returns the table with the model's names of its columns. */
export function withModelNames(table: Table, model: Columns): Table {
  const nameOf = modelNames(model);
  const rename = (name: string) => (table.columns.has(nameOf(name)) ? name : nameOf(name));
  return { ...table, columns: new Map([...table.columns].map(([name, values]) => [rename(name), values])) };
}

/** Sorts columns like the model's features, if both have the same names. */
function inOrder(columns: string[], known: readonly string[] = []): string[] {
  const byName = new Map(columns.map(column => [plainName(column), column]));
  const sorted = known.flatMap(name => byName.get(plainName(name)) ?? []);
  return sorted.length === columns.length && new Set(sorted).size === sorted.length ? sorted : columns;
}

/** A name as LightGBM writes it to its file: with `_` in place of spaces and punctuation. */
export function plainName(name: string): string {
  return name.replace(/[^\p{L}\p{N}]+/gu, '_');
}

/** Removes the columns of a tensor from `rest` and returns the tensor; `undefined` if it has no columns. */
function takeTensor(rest: Map<string, unknown[]>, spec: TensorSpec, table: Table): ProbeTensor | undefined {
  if (rest.has(spec.name)) {
    const tensor = stack([spec.name], rest, spec, table);
    rest.delete(spec.name);
    return tensor;
  }
  const parts = [...rest.keys()].filter(name => name.startsWith(`${spec.name}[`) && name.endsWith(']'));
  if (parts.length === 0) {
    return undefined;
  }
  const labelOf = (name: string) => name.slice(spec.name.length + 1, -1);
  if (spec.labels !== undefined) {
    checkLabels(spec, parts.map(labelOf), table);
  }
  const order = spec.labels?.map(String) ?? parts.map((_, index) => String(index));
  parts.sort((a, b) => order.indexOf(labelOf(a)) - order.indexOf(labelOf(b)));
  const tensor = stack(parts, rest, spec, table);
  for (const name of parts) {
    rest.delete(name);
  }
  return tensor;
}

/** Requires all labels of the tensor, each once: a missing one would shift the others. */
function checkLabels({ name, labels = [] }: TensorSpec, given: string[], { path }: Table): void {
  const wanted = labels.map(String);
  if (given.length !== wanted.length || given.some(label => !wanted.includes(label))) {
    const columns = given.map(label => `${name}[${label}]`).join(', ');
    throw new ColdpressError('SAMPLES_COLUMNS', `${path} has the columns ${columns} for "${name}"`, {
      hint: `its columns are ${columnsOf([{ name, labels }])}`,
    });
  }
}

/** Stacks rows first, then the columns, or the dimensions of the values of a single column. */
function stack(
  names: string[],
  columns: Map<string, unknown[]>,
  spec: TensorSpec,
  table: Table,
): ProbeTensor {
  const single = names.length === 1 ? columns.get(names[0]!)! : undefined;
  const inner = single === undefined ? [names.length] : shapeOf(single[0]);
  // A scalar per row becomes a column if the model expects one.
  const padded = inner.length === 0 && rowShape(spec)?.length === 1 ? [1] : inner;
  const dims = [table.rows, ...padded];
  const values: unknown[] = [];
  for (let row = 0; row < table.rows; row++) {
    for (const name of names) {
      const value = columns.get(name)![row];
      for (const element of flatten(value)) {
        const cell = 'category' in spec ? toCategory(element) : element;
        values.push(
          convert(cell, spec.datatype, { column: name, row: table.firstRow + row, path: table.path }),
        );
      }
    }
  }
  if (values.length !== elementCount(dims)) {
    throw new ColdpressError('SAMPLES_INVALID', `${table.path}: rows of "${spec.name}" differ in shape`, {
      hint: 'all rows of one file have one shape; put others into a file of their own',
    });
  }
  return makeTensor(spec, dims, values);
}

function shapeOf(value: unknown): number[] {
  return Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}

function flatten(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];
}

function convert(
  value: unknown,
  datatype: Datatype,
  place: { column: string; row: number; path: string },
): unknown {
  const converted = toElement(datatype, value);
  if (converted === undefined) {
    const problem = isMissing(value) ? 'the value is missing' : `${shown(value)} is not a valid ${datatype}`;
    throw new ColdpressError(
      'SAMPLES_INVALID',
      `${place.path}, row ${place.row + 1}, column "${place.column}": ${problem}`,
      { hint: `the model expects ${datatype} there; see docs/values.md` },
    );
  }
  return converted;
}

function shown(value: unknown): string {
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/** The columns that these tensors may have, for a message. */
function columnsOf(specs: readonly Pick<TensorSpec, 'name' | 'labels'>[]): string {
  const names = specs.flatMap(({ name, labels }) => labels?.map(label => `${name}[${label}]`) ?? [name]);
  return `${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}`;
}

function columnsError(
  table: Table,
  signature: Signature,
  { missing, unknown }: { missing: string[]; unknown: string[] },
): ColdpressError {
  const parts = [
    missing.length > 0 ? `has no column for ${missing.join(', ')}` : '',
    unknown.length > 0 ? `has columns that the model does not know: ${unknown.slice(0, 5).join(', ')}` : '',
  ];
  return new ColdpressError(
    'SAMPLES_COLUMNS',
    `${table.path} ${parts.filter(part => part !== '').join(', and ')}`,
    {
      hint:
        likelyFault(table, unknown, signature) ??
        `inputs have the columns ${columnsOf(signature.inputs)}; expected values have ${columnsOf(signature.outputs)}`,
    },
  );
}

/** What probably happened to a file whose columns do not fit: other separators, an index, a misspelled name. */
function likelyFault(
  { columns }: Table,
  unknown: readonly string[],
  { inputs, outputs }: Signature,
): string | undefined {
  const [first] = unknown;
  const separator = [';', '\t', '|'].find(character => first?.includes(character));
  if (unknown.length === 1 && separator !== undefined) {
    return `cells are separated by commas, not by ${JSON.stringify(separator)}; numbers have a decimal point`;
  }
  if ([...columns.keys()].at(-1) === '') {
    return 'the last column has no name: the header ends with a comma; remove it from each line';
  }
  if (first === '' || first === 'Unnamed: 0') {
    return 'the first column looks like the index of pandas: write the file with to_csv(PATH, index=False)';
  }
  if (unknown.length > 1 && unknown.every(name => name !== '' && Number.isFinite(Number(name)))) {
    return 'the first line contains numbers only: add a header with the names of the columns';
  }
  const names = [...inputs, ...outputs].map(spec => spec.name);
  for (const column of unknown) {
    const dotted = outputs.find(({ name }) => column.startsWith(`${name}.`));
    if (dotted !== undefined) {
      return `column "${column}": did you mean "${dotted.name}[${column.slice(dotted.name.length + 1)}]"?`;
    }
    const base = column.replace(/\[.*\]$/, '');
    const found = names.includes(base) ? undefined : nearest(base, names);
    if (found !== undefined) {
      return `column "${column}": did you mean "${found}${column.slice(base.length)}"?`;
    }
  }
  return undefined;
}
