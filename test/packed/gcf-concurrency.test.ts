import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, constants } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { startGcf } from '../../lib/local/gcf/start.ts';
import { hostOf } from '../../lib/local/host.ts';
import { example, makeScratch, packExample } from './pack-example.ts';
import { type Answer, post } from './post.ts';

const record = readFileSync(join(example, 'record.json'), 'utf8');
const inference = JSON.parse(readFileSync(join(example, 'request.json'), 'utf8'));
const infer = '/v2/models/breast-cancer/infer';
const scratch = makeScratch();

let dir: string;

beforeAll(async () => {
  dir = await packExample(scratch, 'gcf');
}, 60_000);

function start(env: Record<string, string> = {}) {
  return startGcf(dir, { host: hostOf(process), port: 0, signature: 'http', env });
}

const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };

test('those that share a run get what they would get alone, and a bad one fails alone', async () => {
  const fn = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  try {
    const rows = Array.from({ length: 40 }, (_, row) =>
      inference.inputs[0].data.flat().map((x: number) => x * (1 + row / 100)),
    );
    const bodies = rows.map((data, index) => {
      // Of each ten, one has too few numbers.
      const own = index % 10 === 9 ? data.slice(1) : data;
      return JSON.stringify({ id: `r${index}`, inputs: [{ ...inference.inputs[0], data: own }] });
    });
    const alone: Answer[] = [];
    for (const body of bodies) {
      alone.push(await post(fn.instance.url + infer, body, agent));
    }
    const together = await Promise.all(bodies.map(body => post(fn.instance.url + infer, body, agent)));
    for (const [index, answer] of together.entries()) {
      expect(answer.status).toBe(index % 10 === 9 ? 400 : 200);
      expect(close(JSON.parse(answer.body), JSON.parse(alone[index]!.body))).toEqual([]);
    }
    const scored = await Promise.all(
      bodies.map((_, index) => post(fn.instance.url, index % 10 === 9 ? '{}' : record, agent)),
    );
    for (const [index, answer] of scored.entries()) {
      expect(answer.status).toBe(index % 10 === 9 ? 422 : 200);
      expect(answer.body).toMatch(index % 10 === 9 ? /record 1: / : /malignant/);
    }
  } finally {
    agent.destroy();
    await fn.close();
  }
}, 60_000);

/** Paths at which two answers differ by more than rounding does. */
function close(actual: unknown, expected: unknown, path = ''): string[] {
  if (typeof actual === 'number' && typeof expected === 'number') {
    return Math.abs(actual - expected) <= 1e-5 + 1e-4 * Math.abs(expected)
      ? []
      : [`${path}: ${actual}, ${expected}`];
  }
  if (typeof actual === 'object' && actual !== null && typeof expected === 'object' && expected !== null) {
    return [...new Set([...Object.keys(actual), ...Object.keys(expected)])].flatMap(key =>
      close(actual[key as keyof object], expected[key as keyof object], `${path}.${key}`),
    );
  }
  return actual === expected ? [] : [`${path}: ${actual}, ${expected}`];
}

/** Bodies near the platform's limit that a few hundred bytes inflate to, and what the text becomes when it is parsed. */
const bombs = {
  objects: `[${'{},'.repeat(7e6)}{}]`,
  nested: '[ '.repeat(1e7),
  numbers: `{"inputs":[{"name":"x","datatype":"FP32","shape":[1,30],"data":[${'1,'.repeat(1e7)}1]}]}`,
  text: `["${'a'.repeat(3e7)}"]`,
};

test('compressed bombs, 24 at once, are refused, and the instance lives', async () => {
  const fn = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  try {
    const bodies = Object.values(bombs).map(text => brotliCompressSync(text, brotli));
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        post(fn.instance.url + infer, bodies[index % bodies.length]!, agent, { 'content-encoding': 'br' }),
      ),
    );
    expect(answers.map(({ status }) => status).filter(status => ![400, 413, 503].includes(status))).toEqual(
      [],
    );
    expect((await post(fn.instance.url, record, agent)).status).toBe(200);
  } finally {
    agent.destroy();
    await fn.close();
  }
}, 120_000);

test('more bodies at once than there is memory for are answered with 503', async () => {
  const fn = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  try {
    const body = `["${'a'.repeat(8e6)}"]`;
    const answers = await Promise.all(Array.from({ length: 40 }, () => post(fn.instance.url, body, agent)));
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter(status => ![413, 422, 503].includes(status))).toEqual([]);
    expect(statuses).toContain(503);
    expect((await post(fn.instance.url, record, agent)).status).toBe(200);
  } finally {
    agent.destroy();
    await fn.close();
  }
}, 120_000);

test('a full queue answers 503 with Retry-After', async () => {
  const fn = await start({ COLDPRESS_MAX_WAITING: '2', COLDPRESS_BATCH_ROWS: '1' });
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  try {
    const body = JSON.stringify(inference);
    await post(fn.instance.url + infer, body, agent);
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => post(fn.instance.url + infer, body, agent)),
    );
    const refused = answers.filter(answer => answer.status === 503);
    expect(answers.every(({ status }) => status === 200 || status === 503)).toBe(true);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ headers }) => headers['retry-after'] === '1')).toBe(true);
    expect(refused[0]!.body).toContain('requests are already waiting');
  } finally {
    agent.destroy();
    await fn.close();
  }
}, 60_000);

test('nothing is lost at SIGTERM: 10,000 requests, every one answered', async () => {
  const fn = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const counts = new Map<number | string, number>();
  let left = 10_000;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const status = await post(fn.instance.url, record, agent).then(
        answer => answer.status,
        error => String(error),
      );
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  };
  const load = Promise.all(Array.from({ length: 64 }, client));
  // The last thousand come to an instance that is ending.
  while (left > 1000) {
    await sleep(5);
  }
  process.kill(fn.instance.pid, 'SIGTERM');
  await load;
  const end = await fn.instance.exited;
  await fn.close();
  expect([...counts.keys()].filter(status => status !== 200 && status !== 503)).toEqual([]);
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(10_000);
  expect(counts.get(200)).toBeGreaterThan(0);
  expect(end).toEqual({ code: 0, signal: null });
}, 120_000);
