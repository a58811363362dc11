import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, expect, test } from 'vitest';
import { sumLog } from '../../bench/counting/fleet.ts';
import { countedColumns, PROFILE_FILE, type Profile } from '../../lib/contract/profile.ts';
import { referenceSlots } from '../../lib/drift/histogram.ts';
import { initProject } from '../../lib/init/init.ts';
import { hostOf } from '../../lib/local/host.ts';
import { startLambda } from '../../lib/local/lambda.ts';
import { serveArtifact } from '../../lib/local/serve.ts';
import { encodeModel } from '../../lib/model/write.ts';
import { pack } from '../../lib/pack/pack.ts';
import { folder, root, run } from '../cli/coldpress.ts';
import { graph, model, node, tensorType, value } from '../model/build-model.ts';
import { sqsRecords } from './sqs-records.ts';

/** A profile and a function count the same rows the same, whatever the values and the format. */

const types = [
  ['f', 'FLOAT', 'FP32'],
  ['d', 'DOUBLE', 'FP64'],
  ['h', 'FLOAT16', 'FP16'],
  ['i', 'INT64', 'INT64'],
  ['b', 'BOOL', 'BOOL'],
  ['t', 'STRING', 'BYTES'],
] as const;

/** As JSON writes them in records; tensors and cells of CSV are derived from these. */
const rare: Record<string, unknown>[] = [
  { f: 1.5, d: 1e-320, h: 0.1, i: '9007199254740993', b: true, t: ' 1.50 ' },
  { f: 'Infinity', d: 1e308, h: 6e-8, i: '-9223372036854775808', b: false, t: '2026-11-28' },
  { f: '-Infinity', d: '-Infinity', h: 'Infinity', i: '9223372036854775807', b: true, t: 'NA' },
  { f: null, d: 'Infinity', h: 65_504, i: 0, b: true, t: 'Zoë, "so\u0007"' },
  { f: 1e-45, d: null, h: null, i: 5, b: false, t: 'true' },
  { f: -0, d: -0, h: -2, i: -1, b: false, t: '' },
];
const rows = Array.from({ length: 120 }, (_, row) => rare[row % rare.length]!);

const spellings: Record<string, string[]> = {
  null: ['', 'NA', 'nan'],
  Infinity: ['inf', ' +Infinity ', 'INF'],
  '-Infinity': ['-inf', '-Infinity'],
  true: ['True', '1', 'true'],
  false: ['FALSE', '0', 'false'],
};

function cell(of: unknown, name: string, row: number): string {
  const spelled = name === 't' ? undefined : spellings[String(of)];
  const text = spelled?.[row % spelled.length] ?? (Object.is(of, -0) ? '-0.0' : String(of));
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const names = types.map(([name]) => name);
const csv = `${names.join()}\n${rows
  .map((row, index) => names.map(name => cell(row[name], name, index)).join())
  .join('\n')}\n`;
const jsonl = rows.map(row => `${JSON.stringify(row)}\n`).join('');
const tensors = {
  inputs: types.map(([name, , datatype]) => ({
    name,
    datatype,
    shape: [rows.length, 1],
    data: rows.map(row => row[name] ?? 'NaN'),
  })),
};

const cwd = folder('values');
const column = (name: string) => rows.map(row => (row[name] === null ? Number.NaN : row[name]));
writeFileSync(join(cwd, 'rows.csv'), csv);
writeFileSync(join(cwd, 'rows.jsonl'), jsonl);
writeFileSync(
  join(cwd, 'rows.parquet'),
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        ...['f', 'd', 'h'].map(name => ({ name, data: column(name).map(Number), type: 'DOUBLE' as const })),
        { name: 'i', data: rows.map(row => BigInt(row.i as string)), type: 'INT64' },
        { name: 'b', data: column('b'), type: 'BOOLEAN' },
        { name: 't', data: column('t'), type: 'STRING' },
      ],
    }),
  ),
);

let out: string;
let profile: Profile;
beforeAll(async () => {
  const proto = model(
    graph({
      node: names.map(name => node('Identity', [name], [`${name}Out`])),
      input: types.map(([name, type]) => value(name, tensorType(type, ['N', 1]))),
      output: types.map(([name, type]) => value(`${name}Out`, tensorType(type, ['N', 1]))),
    }),
  );
  writeFileSync(join(cwd, 'model.onnx'), Buffer.concat(encodeModel(proto)));
  await initProject({ cwd, target: 'aws-lambda', score: false });
  symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'), 'junction');
  for (const format of ['csv', 'jsonl', 'parquet']) {
    const ended = await run(['profile', `rows.${format}`, '--out', `${format}.json`], { cwd });
    expect([ended.code, ended.stderr]).toEqual([0, expect.anything()]);
  }
  const config = readFileSync(join(cwd, 'coldpress.config.ts'), 'utf8');
  writeFileSync(
    join(cwd, 'coldpress.config.ts'),
    config.replace('defineConfig({', "defineConfig({ profile: './csv.json',"),
  );
  ({ outDir: out } = await pack({ cwd, env: process.env }));
  profile = JSON.parse(readFileSync(join(out, 'function', PROFILE_FILE), 'utf8'));
}, 180_000);

test.each(['jsonl', 'parquet'])('the profile of %s is that of CSV', format => {
  const { id: _, ...other } = JSON.parse(readFileSync(join(cwd, `${format}.json`), 'utf8'));
  const { id: __, ...first } = profile;
  expect(other).toEqual(first);
});

test('infinities, missing and big values are where they belong', () => {
  const columns = Object.fromEntries(profile.features.map(column => [column.name, column]));
  expect(columns.f).toMatchObject({ missing: 20, below: 20, above: 20 });
  expect(columns.d).toMatchObject({ missing: 20, below: 20, above: 20 });
  expect(columns.h).toMatchObject({ missing: 20, above: 20 });
  expect(columns.t).toMatchObject({ missing: 20, other: 0, counts: Array(5).fill(20) });
});

type Log = { text: string };
const collect = (log: Log) => ({
  host: hostOf(process),
  onLog: (text: string) => {
    log.text += text;
  },
});

async function post(log: Log, path: string, type: string, body: string): Promise<void> {
  const served = await serveArtifact(out, { ...collect(log), port: 0 });
  try {
    const headers = { 'content-type': type };
    const response = await fetch(served.url + path, { method: 'POST', headers, body });
    expect([response.status, await response.text()]).toEqual([200, expect.anything()]);
    await expect.poll(() => log.text.includes('"drift":{'), { timeout: 20_000 }).toBe(true);
  } finally {
    await served.close();
  }
}

async function batch(log: Log, file: string): Promise<void> {
  const { code, stderr } = await run(['batch', out, file, `${file}-out`], { cwd });
  expect([code, stderr]).toEqual([0, expect.anything()]);
  log.text = readFileSync(join(cwd, `${file}-out/${file}.drift.jsonl`), 'utf8');
}

async function event(log: Log, payload: unknown): Promise<void> {
  const lambda = await startLambda(out, collect(log));
  await lambda.invoke(Buffer.from(JSON.stringify(payload)));
  await expect.poll(() => log.text.includes('"drift":{'), { timeout: 20_000 }).toBe(true);
  await lambda.close();
}

const sqs = sqsRecords(rows);

test.each<[string, (log: Log) => Promise<void>]>([
  ['tensors', log => post(log, '/v2/models/values/infer', 'application/json', JSON.stringify(tensors))],
  ['records', log => post(log, '/', 'application/json', JSON.stringify(rows))],
  ['JSON Lines over HTTP', log => post(log, '/', 'application/jsonl', jsonl)],
  ['messages of SQS', log => event(log, { Records: sqs })],
  ['a direct invocation', log => event(log, rows)],
  ['a batch of CSV', log => batch(log, 'rows.csv')],
  ['a batch of JSON Lines', log => batch(log, 'rows.jsonl')],
])(
  '%s count as in the profile',
  async (_, send) => {
    const log = { text: '' };
    await send(log);
    const reference = countedColumns(profile).map(referenceSlots);
    const { rows: counted, sums } = sumLog(
      log.text,
      reference.map(slots => slots.length),
    );
    expect(counted).toBe(rows.length);
    const name = (index: number) => countedColumns(profile)[index]!.name;
    expect(sums.map((slots, index) => [name(index), slots])).toEqual(
      reference.map((slots, index) => [name(index), slots]),
    );
  },
  60_000,
);
