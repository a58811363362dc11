import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { DriftCounts } from '../../lib/contract/drift-counts.ts';
import { hostOf } from '../../lib/local/host.ts';
import { startLambda } from '../../lib/local/lambda.ts';
import { serveArtifact } from '../../lib/local/serve.ts';
import { seededRandom } from '../../lib/model/press/random-inputs.ts';
import { pack } from '../../lib/pack/pack.ts';
import { folder, run } from '../cli/coldpress.ts';
import { sqsRecords } from './sqs-records.ts';

/** No value of 10,000 rows is in a log, whatever brought them, and whatever was answered. */

const churn = fileURLToPath(new URL('../../examples/churn', import.meta.url));
const cwd = folder('private');
const out = { aws: join(cwd, 'aws'), gcf: join(cwd, 'gcf') };
const random = seededRandom(8);

/** Values that nothing else in a log has: numbers of many digits, and words. */
const makeRow = () => ({
  months: 12 * random() + 1e-7,
  plan: random() < 0.5 ? 'basic' : `zq${random().toString(36).slice(2)}`,
  country: `zq${random().toString(36).slice(2)}`,
  monthly_charge: 100 * random() + 1e-7,
  calls_to_support: Math.floor(1e9 * random()) + 1e9,
  autopay: random() < 0.5,
});
type Row = ReturnType<typeof makeRow>;

beforeAll(async () => {
  const config = {
    name: 'churn',
    model: join(churn, 'model.txt'),
    samples: { path: join(churn, 'samples.csv'), tolerance: { relative: 1e-12, absolute: 1e-15 } },
  };
  writeFileSync(
    join(cwd, 'aws.mjs'),
    `export default ${JSON.stringify({ ...config, http: { streaming: true } })};`,
  );
  writeFileSync(join(cwd, 'gcf.mjs'), `export default ${JSON.stringify({ ...config, target: 'gcf' })};`);
  for (const name of ['aws', 'gcf'] as const) {
    await pack({ cwd, env: process.env, config: `${name}.mjs`, out: out[name] });
  }
}, 120_000);

type Log = { text: string };
const collect = (log: Log) => ({
  host: hostOf(process),
  onLog: (text: string) => {
    log.text += text;
  },
});
const jsonOf = (rows: readonly Row[]) => JSON.stringify(rows);
const linesOf = (rows: readonly Row[]) => rows.map(row => `${JSON.stringify(row)}\n`).join('');

const http =
  (dir: keyof typeof out, path: string, type: string, bodyOf: (rows: readonly Row[]) => string) =>
  async (rows: readonly Row[], log: Log) => {
    const served = await serveArtifact(out[dir], { ...collect(log), port: 0 });
    try {
      for (let from = 0; from < rows.length; from += 250) {
        const body = bodyOf(rows.slice(from, from + 250));
        const response = await fetch(served.url + path, {
          method: 'POST',
          headers: { 'content-type': type },
          body,
        });
        expect([response.status, await response.text()]).toEqual([200, expect.anything()]);
      }
      await expect.poll(() => countedRows(log), { timeout: 20_000 }).toBe(rows.length);
    } finally {
      await served.close();
    }
  };

const event = (payloadOf: (rows: readonly Row[]) => unknown) => async (rows: readonly Row[], log: Log) => {
  const lambda = await startLambda(out.aws, collect(log));
  try {
    for (let from = 0; from < rows.length; from += 250) {
      await lambda.invoke(Buffer.from(JSON.stringify(payloadOf(rows.slice(from, from + 250)))));
    }
    await expect.poll(() => countedRows(log), { timeout: 20_000 }).toBe(rows.length);
  } finally {
    await lambda.close();
  }
};

async function batch(rows: readonly Row[], log: Log): Promise<void> {
  writeFileSync(join(cwd, 'rows.jsonl'), linesOf(rows));
  const args = ['batch', out.aws, 'rows.jsonl', 'scored', '--outputs', 'contributions'];
  const { code, stdout, stderr } = await run(args, { cwd });
  expect([code, stderr]).toEqual([0, expect.anything()]);
  log.text = stdout + stderr + readFileSync(join(cwd, 'scored/rows.jsonl.drift.jsonl'), 'utf8');
}

function driftLines({ text }: Log): DriftCounts[] {
  return text.split('\n').flatMap(line => (line.includes('"drift":{') ? [JSON.parse(line).drift] : []));
}

function countedRows(log: Log): number {
  return driftLines(log).reduce((sum, { rows }) => sum + rows, 0);
}

const sqs = (rows: readonly Row[]) => ({ Records: sqsRecords(rows) });
const json = 'application/json';
const contributions = '/?outputs=contributions';

test.each<[string, (rows: readonly Row[], log: Log) => Promise<void>]>([
  ['HTTP on AWS', http('aws', '/', json, jsonOf)],
  ['contributions over HTTP', http('aws', contributions, json, jsonOf)],
  ['a streamed answer', http('aws', contributions, 'application/jsonl', linesOf)],
  ['HTTP on Google', http('gcf', '/', json, jsonOf)],
  ['a streamed answer on Google', http('gcf', contributions, 'application/jsonl', linesOf)],
  ['messages', event(sqs)],
  ['a direct invocation', event(rows => rows)],
  [
    'a batch job with contributions',
    event(records => ({ coldpress: 'batch', records, outputs: ['contributions'] })),
  ],
  ['a batch of files', batch],
])('%s', { timeout: 120_000 }, async (_, send) => {
  const rows = Array.from({ length: 1250 }, makeRow);
  const log = { text: '' };
  await send(rows, log);
  expect(countedRows(log)).toBe(rows.length);
  const words = new Set(log.text.split(/[^\w.+-]+/));
  const values = rows
    .flatMap(({ autopay: _, ...row }) => Object.values(row))
    .filter(value => value !== 'basic');
  // A number may be rounded to the datatype of the model.
  const spellings = (value: string | number) =>
    typeof value === 'string' ? [value] : [String(value), String(Math.fround(value)), value.toFixed(6)];
  expect(values.filter(value => spellings(value).some(spelling => words.has(spelling)))).toEqual([]);
});
