import type { ObjectFormat } from '../../contract/settings.ts';
import { RequestError } from '../errors.ts';
import type { Column } from '../files/types.ts';
import type { ColdpressFunction } from '../function.ts';
import type { Invocation } from '../platform/invocation.ts';
import { failed, type Outcome } from '../score/outcome.ts';
import { readRecords } from './formats.ts';
import { columnsOf, csvHead, resultsFormat } from './results.ts';
import type { ObjectRecord, ObjectReference, ObjectStore, ObjectWriter, StoredObject } from './types.ts';

/** Rows read before they are scored together. */
const rowsAtOnce = 1024;

export interface RowCounts {
  records: number;
  failures: number;
}

/** An open object, and the target of its results. */
export interface StoredWork {
  store: ObjectStore;
  reference: ObjectReference;
  object: StoredObject;
  format: ObjectFormat;
  target: { bucket: string; key: string };
  /** Metadata of the results. */
  metadata: Record<string, string>;
  /** Columns of CSV results. @default those of the first result */
  columns?: Column[] | undefined;
}

/**
 * Scores an object row by row into another object, which appears when it is complete. A failed row becomes a row of the
 * results with its error. The object fails if it cannot be read, or not within the invocation's time.
 */
export async function scoreStored(
  { store, reference, object, format, target, metadata, columns }: StoredWork,
  fn: ColdpressFunction,
  invocation: Invocation,
): Promise<RowCounts> {
  const results = resultsFormat(format, columns);
  const records = readRecords(object, { format, model: fn.model.manifest, reference });
  const writer = await store.create(target, { contentType: results.contentType, metadata });
  try {
    if (format === 'csv' && columns !== undefined) {
      await writer.write(Buffer.from(csvHead(columns)));
    }
    const counts = await writeResults(records, { fn, invocation, writer, results });
    await writer.complete();
    return counts;
  } catch (error) {
    // The original error is more useful than a failed cleanup.
    await writer.abort().catch(() => {});
    throw error;
  }
}

async function writeResults(
  records: AsyncIterable<ObjectRecord>,
  scope: {
    fn: ColdpressFunction;
    invocation: Invocation;
    writer: ObjectWriter;
    results: ReturnType<typeof resultsFormat>;
  },
): Promise<RowCounts> {
  const { fn, invocation, writer, results } = scope;
  const counts = { records: 0, failures: 0 };
  let waiting: ObjectRecord[] = [];
  async function flush(): Promise<void> {
    const outcomes = await score(waiting, fn, invocation);
    await writer.write(Buffer.from(results.format(outcomes, counts.records)));
    const failures = outcomes.filter(outcome => !outcome.ok).length;
    counts.records += outcomes.length;
    counts.failures += failures;
    invocation.tally.records += outcomes.length;
    invocation.tally.failures += failures;
    waiting = [];
  }
  for await (const record of records) {
    waiting.push(record);
    if (waiting.length === rowsAtOnce) {
      await flush();
    }
  }
  await flush();
  return counts;
}

/**
 * The columns of the results of an object that is scored in parts: those of the results of its first rows, which are
 * scored once more for this.
 */
export async function columnsOfFirst(
  object: StoredObject,
  { reference, format }: Pick<StoredWork, 'reference' | 'format'>,
  { fn, invocation }: { fn: ColdpressFunction; invocation: Invocation },
): Promise<Column[]> {
  const first: ObjectRecord[] = [];
  for await (const record of readRecords(object, { format, model: fn.model.manifest, reference })) {
    if (first.push(record) === rowsAtOnce) {
      break;
    }
  }
  const columns = columnsOf(await score(first, fn, invocation)) ?? [];
  // The rows are counted with their own part.
  fn.watch.take();
  return columns;
}

/** @throws the error of a row that may succeed later; the event must be redelivered */
async function score(
  rows: ObjectRecord[],
  fn: ColdpressFunction,
  invocation: Invocation,
): Promise<Outcome[]> {
  const good = rows.flatMap(row => (row.ok ? [row.record] : []));
  const scored = (await fn.scoreRecords(good, { remainingMs: invocation.remainingMs })).values();
  return rows.map(row => {
    const outcome = row.ok ? scored.next().value! : failed(row.error);
    if (!outcome.ok && !outcome.final) {
      throw outcome.error instanceof RequestError && outcome.error.code === 'DEADLINE'
        ? new Error('the object has too many rows for one invocation: divide it')
        : outcome.error;
    }
    return outcome;
  });
}
