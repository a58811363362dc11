import { ColdpressError } from '../../errors.ts';
import { readTables } from '../../model/samples/read-tables.ts';

/** The true label of a record: a class or a number. */
export type Label = string | number;

/** Accepted names of the columns. */
const idNames = ['id', 'record_id', 'recordId'];
const labelNames = ['label', 'target', 'y', 'truth'];

const rowsAtOnce = 10_000;

/**
 * Reads labels by the identifier of their record, from a table in one of the formats of samples, with the columns `id`
 * and `label`.
 * @throws ColdpressError LABELS_INVALID, and the errors of `readTables`
 */
export async function readLabels(path: string): Promise<Map<string, Label>> {
  const byId = new Map<string, Label>();
  for await (const { columns, firstRow } of readTables(path, rowsAtOnce)) {
    const ids = find(columns, idNames);
    const labels = find(columns, labelNames);
    if (ids === undefined || labels === undefined) {
      throw invalid(`${path} has the columns ${[...columns.keys()].join(', ')}`);
    }
    for (const [row, id] of ids.entries()) {
      byId.set(String(id), toLabel(labels[row], `${path}, row ${firstRow + row + 1}`));
    }
  }
  if (byId.size === 0) {
    throw invalid(`${path} has no rows`);
  }
  return byId;
}

/** Converts to a number if possible, because CSV contains only text. */
function toLabel(label: unknown, where: string): Label {
  if (typeof label === 'boolean' || typeof label === 'bigint') {
    return Number(label);
  }
  if (typeof label === 'string' && label !== '') {
    return Number.isNaN(Number(label)) ? label : Number(label);
  }
  if (typeof label === 'number' && !Number.isNaN(label)) {
    return label;
  }
  throw invalid(`${where}: the label is ${JSON.stringify(label) ?? 'missing'}`);
}

function find(columns: Map<string, unknown[]>, names: string[]): unknown[] | undefined {
  return names.map(name => columns.get(name)).find(column => column !== undefined);
}

function invalid(message: string): ColdpressError {
  return new ColdpressError('LABELS_INVALID', message, {
    hint: 'Pass CSV, JSON Lines or Parquet with the columns id and label, one row per record.',
  });
}
