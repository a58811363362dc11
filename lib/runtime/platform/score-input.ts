import { once } from 'node:events';
import { parseArgs } from 'node:util';
import type { Columns } from '../../contract/columns.ts';
import { readCsv } from '../objects/csv.ts';
import { readJsonLines } from '../objects/lines.ts';
import { resultsFormat } from '../objects/results.ts';
import type { ObjectRecord } from '../objects/types.ts';
import { checkOutputs } from '../score/check-outputs.ts';
import { failed } from '../score/outcome.ts';
import type { ScoreRecords } from '../score/score-records.ts';
import type { CommandScope } from './command-scope.ts';

const formats = ['csv', 'jsonl'] as const;
type Format = (typeof formats)[number];

/** Rows read before they are scored together. */
const rowsAtOnce = 1024;

/**
 * Implements `score`: scores the records of stdin, CSV with a header or JSON Lines, to stdout in the same format. A
 * failed record has an error in its row. `--outputs` names additional outputs, like `?outputs=`.
 * @returns 3 if a record failed
 * @throws Error for an unknown flag or format, and for unreadable input
 */
export async function scoreInput(args: readonly string[], { open, process }: CommandScope): Promise<number> {
  const { format: given, outputs } = readOptions(args);
  const { model, scoreRecords } = open();
  checkOutputs(outputs, model.manifest.signature.outputs);
  const input = await peek(process.stdin);
  const format = given ?? (/^\s*[{["]/.test(input.start) ? 'jsonl' : 'csv');
  const results = resultsFormat(format);
  let row = 0;
  let failures = 0;
  for await (const records of batches(readers[format](input.bytes, model.manifest))) {
    const outcomes = await scoreAll(records, good => scoreRecords(good, { outputs }));
    failures += outcomes.filter(outcome => !outcome.ok).length;
    if (!process.stdout.write(results.format(outcomes, row))) {
      await once(process.stdout, 'drain');
    }
    row += records.length;
  }
  return failures === 0 ? 0 : 3;
}

const readers: Record<
  Format,
  (bytes: AsyncIterable<Uint8Array>, model: Columns) => AsyncGenerator<ObjectRecord>
> = { csv: readCsv, jsonl: readJsonLines };

function readOptions(args: readonly string[]): { format: Format | undefined; outputs: string[] } {
  const options = { format: { type: 'string' }, outputs: { type: 'string', default: '' } } as const;
  const { format, outputs } = parseArgs({ args: [...args], options }).values;
  if (format !== undefined && !formats.some(known => known === format)) {
    throw new Error(`--format is ${format}; expected ${formats.join(' or ')}`);
  }
  return { format: format as Format | undefined, outputs: outputs.split(',').filter(name => name !== '') };
}

/** Returns a stream with its beginning as text. */
async function peek(
  stream: AsyncIterable<Uint8Array>,
): Promise<{ start: string; bytes: AsyncIterable<Uint8Array> }> {
  const iterator = stream[Symbol.asyncIterator]();
  const first = await iterator.next();
  async function* bytes() {
    if (!first.done) {
      yield first.value;
      yield* { [Symbol.asyncIterator]: () => iterator };
    }
  }
  return { start: first.done ? '' : Buffer.from(first.value).toString('latin1', 0, 64), bytes: bytes() };
}

async function* batches(records: AsyncIterable<ObjectRecord>): AsyncGenerator<ObjectRecord[]> {
  let waiting: ObjectRecord[] = [];
  for await (const record of records) {
    waiting.push(record);
    if (waiting.length === rowsAtOnce) {
      yield waiting;
      waiting = [];
    }
  }
  if (waiting.length > 0) {
    yield waiting;
  }
}

async function scoreAll(
  rows: ObjectRecord[],
  scoreRecords: (records: unknown[]) => ReturnType<ScoreRecords>,
) {
  const good = rows.flatMap(row => (row.ok ? [row.record] : []));
  const scored = (await scoreRecords(good)).values();
  return rows.map(row => (row.ok ? scored.next().value! : failed(row.error)));
}
