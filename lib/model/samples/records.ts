import { toJsonCell } from '../../contract/cells.ts';
import { type Columns, columnTypes, modelNames } from '../../contract/columns.ts';
import type { TensorSpec } from '../../contract/manifest.ts';
import type { SampleRecord } from '../../contract/sample-records.ts';
import type { Table } from './types.ts';

/** Converts the rows of a table to records with their expected results. */
export function tableRecords({ rows, columns }: Table, model: Columns): SampleRecord[] {
  const typeOf = columnTypes(model);
  const nameOf = modelNames(model);
  const categories = new Set(model.signature.inputs.filter(spec => spec.category).map(({ name }) => name));
  const outputs = model.signature.outputs.map(spec => expectedColumns(spec, [...columns.keys()]));
  const expected = new Set(outputs.flatMap(({ names }) => names));
  const fields = [...columns].filter(([name]) => !expected.has(name));

  function recordOf(row: number): Record<string, unknown> {
    const entries = fields.map(([name, values]): [string, unknown] => {
      const value = toJson(values[row], typeOf(name));
      return [name, value === '' && categories.has(nameOf(name)) ? null : value];
    });
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }

  function resultOf(row: number): Record<string, unknown> {
    return Object.fromEntries(
      outputs.flatMap(({ spec, names, parts }) => {
        const values = names.map(name => toJson(columns.get(name)![row], spec.datatype));
        if (names.length === 0) {
          return [];
        }
        const byLabel = () => Object.fromEntries(parts!.map((part, index) => [part, values[index]]));
        const whole = parts === undefined ? values[0] : spec.labels === undefined ? values : byLabel();
        return [[spec.name, whole]];
      }),
    );
  }

  return Array.from({ length: rows }, (_, row) => ({
    record: recordOf(row),
    ...(expected.size > 0 && { result: resultOf(row) }),
  }));
}

/** Returns the columns of an output: its own, or those of its elements. */
function expectedColumns(spec: TensorSpec, columns: readonly string[]) {
  if (columns.includes(spec.name)) {
    return { spec, names: [spec.name] };
  }
  const names = columns.filter(name => name.startsWith(`${spec.name}[`) && name.endsWith(']'));
  return { spec, names, parts: names.map(name => name.slice(spec.name.length + 1, -1)) };
}

/** Converts a cell to a JSON value: CSV cells are text, NPZ cells may be bigints. */
function toJson(value: unknown, datatype: TensorSpec['datatype'] | undefined): unknown {
  if (Array.isArray(value)) {
    return value.map(item => toJson(item, datatype));
  }
  if (typeof value === 'string') {
    return toJsonCell(value, datatype);
  }
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  return typeof value === 'number' && !Number.isFinite(value) ? nonFinite(value) : value;
}

function nonFinite(value: number): string | null {
  return Number.isNaN(value) ? null : String(value);
}
