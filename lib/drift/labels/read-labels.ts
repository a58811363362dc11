import { isObject } from '../../contract/is-object.ts';
import { ColdpressError } from '../../errors.ts';
import { readCsv } from '../../model/samples/csv.ts';
import { readJsonLines } from '../../model/samples/json-lines.ts';

/** What was true of a record: a class, or a number. */
export type Label = string | number;

/** How columns may be called. */
const idNames = ['id', 'record_id', 'recordId'];
const labelNames = ['label', 'target', 'y', 'truth'];

/**
 * Labels by the identifier of their record: CSV or JSON Lines with the columns `id` and `label`.
 * @throws ColdpressError LABELS_INVALID
 */
export async function readLabels(path: string): Promise<Map<string, Label>> {
  const isLines = /\.(jsonl|ndjson)$/i.test(path);
  const { columns } = await (isLines ? readJsonLines(path) : readCsv(path)).catch(cause => {
    throw invalid(`${path}: ${(cause as Error).message}`, cause);
  });
  const ids = find(columns, idNames);
  const labels = find(columns, labelNames);
  if (ids === undefined || labels === undefined) {
    throw invalid(`${path} has the columns ${[...columns.keys()].join(', ') || 'of an empty file'}`);
  }
  const byId = new Map<string, Label>();
  for (const [row, id] of ids.entries()) {
    const label = labels[row];
    if (isObject(label) || label === undefined || label === null || label === '') {
      throw invalid(`${path}, row ${row + 1}: the label is ${JSON.stringify(label) ?? 'missing'}`);
    }
    const number = typeof label === 'boolean' ? Number(label) : Number(String(label));
    byId.set(String(id), Number.isNaN(number) ? String(label) : number);
  }
  return byId;
}

function find(columns: Map<string, unknown[]>, names: string[]): unknown[] | undefined {
  return names.map(name => columns.get(name)).find(column => column !== undefined);
}

function invalid(message: string, cause?: unknown): ColdpressError {
  return new ColdpressError('LABELS_INVALID', message, {
    hint: 'Give CSV or JSON Lines with the columns id and label, a row for each record.',
    cause,
  });
}
