import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttributeValue } from 'aws-lambda';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll } from 'vitest';
import { readSamples } from '../../../lib/model/samples/samples.ts';
import { scoreRange } from '../../../lib/runtime/files/score-range.ts';
import type { ColdpressFunction } from '../../../lib/runtime/function.ts';
import { readRecords } from '../../../lib/runtime/objects/formats.ts';
import { batch } from '../../../lib/runtime/sources/batch.ts';
import { dynamoDb } from '../../../lib/runtime/sources/dynamodb.ts';
import { toJsonData } from '../../../lib/runtime/tensor/encode.ts';
import { keepingSink, newInvocation } from '../events/lookup-function.ts';
import { type Json, post, readJson } from '../http/models.ts';

/** The same row as each kind of place has it. */
export interface Row {
  /** Cells of CSV, by column. */
  csv: Record<string, string>;
  /** Fields of a JSON object. */
  json: Record<string, unknown>;
  /** Attributes of an item of DynamoDB. */
  item: Record<string, AttributeValue>;
  parquet: ColumnSource[];
}

/** What the model answered, or the code of the error. */
export type Answer = { result: Json } | { refused: string };

export type Door = (row: Row, fn: ColdpressFunction) => Promise<Answer>;

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-doors-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let files = 0;
function write(ending: string, text: string | Uint8Array): string {
  files += 1;
  const path = join(scratch, `${files}${ending}`);
  writeFileSync(path, text);
  return path;
}

const header = (row: Row) => Object.keys(row.csv).join(',');
/** Every cell is quoted, so that one of nothing is no line of nothing. */
const line = (row: Row) =>
  Object.values(row.csv)
    .map(cell => `"${cell.replaceAll('"', '""')}"`)
    .join(',');
const csv = (row: Row) => `${header(row)}\n${line(row)}\n`;
const goodLine = '{"age":0,"count":0,"active":0,"zip":""}';
const jsonLine = (row: Row) => `${JSON.stringify(row.json)}\n`;

/** Samples are run by `pack`: their tensors are what the model of identities would answer. */
function samples(ending: '.csv' | '.jsonl', textOf: (row: Row) => string): Door {
  return async (row, { model }) => {
    try {
      const { inputs } = await readSamples(write(ending, textOf(row)), model.signature);
      const values = inputs.map(({ name, data }) => {
        const { datatype } = model.signature.inputs.find(spec => spec.name === name)!;
        return [`${name}!`, toJsonData(datatype, data).at(-1)];
      });
      return { result: Object.fromEntries(values) };
    } catch (error) {
      return { refused: (error as { code: string }).code };
    }
  };
}

function file(format: 'csv' | 'jsonl', textOf: (row: Row) => string): Door {
  return async (row, fn) => {
    const text = Buffer.from(textOf(row));
    const start = format === 'csv' ? text.indexOf('\n') + 1 : 0;
    const handler = (event: object) => batch.handle(event as never, fn, newInvocation());
    const { results, failures } = await scoreRange(
      {
        id: 1,
        path: write('', text),
        format,
        header: Object.keys(row.csv),
        range: { start, end: text.length, row: 0, line: 1 },
      },
      { handler, model: fn.model.manifest },
    );
    return failures === ''
      ? { result: format === 'csv' ? results : JSON.parse(results).result }
      : { refused: JSON.parse(failures).error.code };
  };
}

function object(
  format: 'csv' | 'jsonl' | 'json' | 'parquet',
  bytesOf: (row: Row) => string | ArrayBuffer,
): Door {
  return async (row, fn) => {
    const bytes = Buffer.from(bytesOf(row) as string);
    const stored = {
      sizeBytes: bytes.length,
      metadata: {},
      stream: async function* () {
        yield bytes;
      },
      range: async (start: number, end: number) => bytes.subarray(start, end),
    };
    const reference = { bucket: 'b', key: 'k', version: undefined };
    for await (const read of readRecords(stored, { format, model: fn.model.manifest, reference })) {
      if (!read.ok) {
        return { refused: read.error.code };
      }
      const [outcome] = await fn.scoreRecords([read.record]);
      return outcome!.ok
        ? { result: outcome!.result }
        : { refused: (outcome!.error as never as { code: string }).code };
    }
    throw new Error('no row');
  };
}

function http(path: string, bodyOf: (row: Row) => string, type: string): Door {
  return async (row, fn) => {
    const response = await fn.http(post(path, bodyOf(row), { 'content-type': type }));
    const body = readJson(response);
    return response.status === 200
      ? { result: Array.isArray(body) ? body[0] : body }
      : { refused: response.status === 422 ? 'RECORD' : body.error };
  };
}

/** Step Functions reads rows of CSV into objects of text. */
const job: Door = async (row, fn) => {
  const event = { coldpress: 'batch' as const, format: 'csv' as const, records: [row.csv] };
  const [answer] = (await batch.handle(event, fn, newInvocation())) as Json[];
  return answer.error === undefined ? { result: answer.result } : { refused: answer.error.code };
};

const stream: Door = async (row, fn) => {
  const [results, failures] = [keepingSink(), keepingSink()];
  const record = { eventSource: 'aws:dynamodb', dynamodb: { SequenceNumber: '1', NewImage: row.item } };
  const event = { Records: [record] } as Parameters<typeof dynamoDb.handle>[0];
  await dynamoDb.handle(event, { ...fn, sinks: { results, failures } }, newInvocation());
  const [result, failure] = [results.taken[0]?.body, failures.taken[0]?.body] as Json[];
  return result === undefined ? { refused: failure.error.code } : { result: result.result };
};

/** Every place that a record comes from. */
export const doors: Record<string, Door> = {
  'samples in CSV': samples('.csv', csv),
  // Its first line has all keys.
  'samples in JSON Lines': samples('.jsonl', row => `${goodLine}\n${jsonLine(row)}`),
  'coldpress batch, CSV': file('csv', csv),
  'coldpress batch, JSON Lines': file('jsonl', jsonLine),
  'a batch job, CSV': job,
  'an object of CSV': object('csv', csv),
  'an object of JSON Lines': object('jsonl', jsonLine),
  'an object of JSON': object('json', row => `[${jsonLine(row)}]`),
  'an object of Parquet': object('parquet', row => parquetWriteBuffer({ columnData: row.parquet })),
  '/invocations, CSV with a header': http('/invocations', csv, 'text/csv'),
  '/invocations, CSV without': http('/invocations', line, 'text/csv'),
  '/invocations, JSON': http('/invocations', jsonLine, 'application/json'),
  'POST /': http('/', jsonLine, 'application/json'),
  'a stream of DynamoDB': stream,
};
