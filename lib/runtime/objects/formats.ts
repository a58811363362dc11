import type { Columns } from '../../contract/columns.ts';
import type { ObjectFormat } from '../../contract/settings.ts';
import { RequestError } from '../errors.ts';
import { loadChunk } from '../platform/load-chunk.ts';
import { readCsv } from './csv.ts';
import { gunzip } from './gunzip.ts';
import { readJson } from './json.ts';
import { readJsonLines } from './lines.ts';
import type { ObjectRecord, ObjectReference, StoredObject } from './types.ts';

const endings: [ending: RegExp, format: ObjectFormat][] = [
  [/\.csv(\.gz)?$/i, 'csv'],
  [/\.(jsonl|ndjson)(\.gz)?$/i, 'jsonl'],
  [/\.json(\.gz)?$/i, 'json'],
  [/\.parquet$/i, 'parquet'],
  [/\.(jpe?g|png|webp|gif|bmp|tiff?)$/i, 'bytes'],
];

/** @throws RequestError if the object's format is unknown */
export function chooseFormat(key: string, configured: ObjectFormat | null): ObjectFormat {
  const format = configured ?? endings.find(([ending]) => ending.test(key))?.[1];
  if (format === undefined) {
    throw new RequestError(415, 'FORMAT', 'unknown file extension in the key; set events.objects.format');
  }
  return format;
}

/** Maximum bytes of an object that is one record, because it is read whole. */
const bytesAtMost = 64 * 1024 * 1024;

export async function* readRecords(
  object: StoredObject,
  { format, model, reference }: { format: ObjectFormat; model: Columns; reference: ObjectReference },
): AsyncGenerator<ObjectRecord> {
  const text = () => (/\.gz$/i.test(reference.key) ? gunzip(object.stream()) : object.stream());
  switch (format) {
    case 'csv':
      yield* readCsv(text(), model);
      break;
    case 'jsonl':
      yield* readJsonLines(text());
      break;
    case 'json':
      yield* readJson(text());
      break;
    case 'parquet': {
      const { readParquet } = await loadChunk<typeof import('./parquet.ts')>('objects/parquet');
      for await (const record of readParquet(object)) {
        yield { ok: true, record };
      }
      break;
    }
    case 'bytes':
      if (object.sizeBytes > bytesAtMost) {
        throw new RequestError(
          413,
          'SIZE',
          `the object has ${object.sizeBytes} bytes; at most ${bytesAtMost} are read as one record`,
        );
      }
      yield { ok: true, record: { key: reference.key, bytes: await object.range(0, object.sizeBytes) } };
  }
}
