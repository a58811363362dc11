import type { ObjectsSettings } from '../../contract/settings.ts';
import { RequestError } from '../errors.ts';
import type { ColdpressFunction } from '../function.ts';
import type { Invocation } from '../platform/invocation.ts';
import { loadChunk } from '../platform/load-chunk.ts';
import { resolveSetting } from '../platform/resolve-setting.ts';
import { failed, type Outcome } from '../score/outcome.ts';
import { sinkMark } from '../sinks/mark.ts';
import { chooseFormat, readRecords } from './formats.ts';
import { resultsFormat } from './results.ts';
import type { ObjectRecord, ObjectReference, ObjectStore, ObjectWriter } from './types.ts';

/** What became of an object. */
export interface ObjectSummary {
  object: { bucket: string; key: string };
  results: { bucket: string; key: string };
  records: number;
  failures: number;
}

/** Rows that are read before they are scored together. */
const rowsAtOnce = 1024;

let store: Promise<ObjectStore> | undefined;

/**
 * Scores an object row by row into another one, which appears when it is whole. A row that fails is a row of the
 * results that says why; the object fails when it cannot be read, or not in the time of the invocation.
 * @returns `undefined` for an object of our own, which is never scored
 */
export async function scoreObject(
  reference: ObjectReference,
  fn: ColdpressFunction,
  invocation: Invocation,
): Promise<ObjectSummary | undefined> {
  const settings = fn.model.manifest.events.objects!;
  const { prefix } = settings;
  if (reference.key.startsWith(prefix)) {
    return undefined;
  }
  store ??= openStore(settings.store);
  const objects = await store;
  const object = await objects.open(reference);
  // Objects of a sink, or of another function's prefix.
  if (Object.hasOwn(object.metadata, sinkMark)) {
    return undefined;
  }
  const format = chooseFormat(reference.key, settings.format);
  const results = resultsFormat(format);
  const target = {
    bucket: settings.bucket === null ? reference.bucket : resolveSetting(settings.bucket, process.env),
    key: `${prefix}${reference.key}.${results.extension}`,
  };
  const records = readRecords(object, { format, model: fn.model.manifest, reference });
  const writer = await objects.create(target, {
    contentType: results.contentType,
    metadata: { [sinkMark]: fn.model.manifest.model.sha256 },
  });
  try {
    const counts = await writeResults(records, { fn, invocation, writer, results });
    await writer.complete();
    return { object: { bucket: reference.bucket, key: reference.key }, results: target, ...counts };
  } catch (error) {
    // The reason it failed is worth more than why it could not be tidied up.
    await writer.abort().catch(() => {});
    throw error;
  }
}

async function openStore(name: ObjectsSettings['store']): Promise<ObjectStore> {
  return name === 's3'
    ? (await loadChunk<typeof import('./s3.ts')>('objects/s3')).openStore()
    : (await loadChunk<typeof import('./gcs.ts')>('objects/gcs')).openStore(process.env);
}

async function writeResults(
  records: AsyncIterable<ObjectRecord>,
  scope: {
    fn: ColdpressFunction;
    invocation: Invocation;
    writer: ObjectWriter;
    results: ReturnType<typeof resultsFormat>;
  },
): Promise<{ records: number; failures: number }> {
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

/** @throws the error of a row that is not final: the object must come again */
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
        ? new Error('the object has more rows than the time of an invocation suffices for: divide it')
        : outcome.error;
    }
    return outcome;
  });
}
