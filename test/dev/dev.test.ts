import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Dev, type DevEvent, startDev } from '../../lib/dev/dev.ts';
import { folder } from '../cli/coldpress.ts';
import { rawRequest } from '../local/raw-request.ts';
import { host } from '../local/tiny-artifact.ts';
import { doubling, squaring } from '../model/doubling.ts';

const cwd = folder('dev');
const events: DevEvent[] = [];
let dev: Dev;

function score(factor: number): string {
  return `export default {
  encode: records => ({ x: { datatype: 'FP32', shape: [records.length, 2], data: records.flat() } }),
  decode: (outputs, records) => records.map((_, row) => ({ first: ${factor} * outputs.y.data[2 * row] })),
};\n`;
}

async function after(change: () => void, kind: DevEvent['kind']): Promise<DevEvent> {
  const before = events.length;
  change();
  return expect
    .poll(() => events.slice(before).find(event => event.kind === kind), { timeout: 20_000 })
    .toBeDefined()
    .then(() => events.slice(before).find(event => event.kind === kind)!);
}

async function ask(): Promise<unknown> {
  const body = JSON.stringify([[3, 4]]);
  const headers = { 'content-type': 'application/json' };
  return (await fetch(dev.url, { method: 'POST', headers, body })).json();
}

beforeAll(async () => {
  writeFileSync(join(cwd, 'model.onnx'), doubling());
  writeFileSync(join(cwd, 'score.ts'), score(1));
  const arch = host.arch === 'arm64' ? 'arm64' : 'x64';
  writeFileSync(
    join(cwd, 'coldpress.config.ts'),
    `export default { model: 'model.onnx', score: 'score.ts', arch: '${arch}' };\n`,
  );
  dev = await startDev({
    cwd,
    processEnv: process.env,
    host,
    port: 0,
    onEvent: event => events.push(event),
  });
}, 60_000);

afterAll(() => dev.close());

test('a host of another name and a page of another site are refused, and nothing is passed on', async () => {
  const evil = 'http://evil.example';
  for (const request of [
    { target: '/', headers: { host: 'evil.example' } },
    { target: '/', headers: { origin: evil } },
    { target: '/_coldpress/state', headers: { 'sec-fetch-site': 'cross-site' } },
    { target: `${evil}/` },
  ]) {
    const { status } = await rawRequest(dev.url, request);
    expect([400, 403], JSON.stringify(request)).toContain(status);
  }
  expect((await rawRequest(dev.url, { target: '//evil.example/' })).status).toBe(404);
});

test('a change of the score is packed and served', async () => {
  expect(await ask()).toEqual([{ first: 6 }]);
  const ready = await after(() => writeFileSync(join(cwd, 'score.ts'), score(10)), 'ready');
  expect(await ask()).toEqual([{ first: 60 }]);
  expect(ready.kind === 'ready' && ready.packMs).toBeGreaterThan(0);
});

test('reports an error, keeps the last function running, and clears the error once fixed', {
  timeout: 40_000,
}, async () => {
  await after(() => writeFileSync(join(cwd, 'score.ts'), 'export default {'), 'failed');
  const state = async () => (await fetch(`${dev.url}/_coldpress/state`)).json();
  expect(await state()).toMatchObject({ ready: true, error: expect.stringContaining('score.ts') });
  expect(await ask()).toEqual([{ first: 60 }]);
  await after(() => writeFileSync(join(cwd, 'score.ts'), score(2)), 'ready');
  expect(await state()).toEqual({ ready: true });
});

test('a function that does not start is an error, too', { timeout: 40_000 }, async () => {
  const throwing = `throw new Error('no luck');\n${score(2)}`;
  await after(() => writeFileSync(join(cwd, 'score.ts'), throwing), 'failed');
  const state = await (await fetch(`${dev.url}/_coldpress/state`)).json();
  const error = expect.stringContaining('FUNCTION_NOT_STARTED: the function did not start: no luck');
  expect(state).toEqual({ ready: true, error });
  expect(await ask()).toEqual([{ first: 12 }]);
  await after(() => writeFileSync(join(cwd, 'score.ts'), score(2)), 'ready');
});

test('what the score imports from another folder counts', { timeout: 40_000 }, async () => {
  const factors = folder('dev-factors');
  writeFileSync(join(factors, 'factor.ts'), 'export const factor = 5;\n');
  const importing = `import { factor } from '${factors}/factor.ts';\n${score(1).replace('1 *', 'factor *')}`;
  await after(() => writeFileSync(join(cwd, 'score.ts'), importing), 'ready');
  expect(await ask()).toEqual([{ first: 30 }]);
  await after(() => writeFileSync(join(factors, 'factor.ts'), 'export const factor = 7;\n'), 'ready');
  expect(await ask()).toEqual([{ first: 42 }]);
});

test('presses a changed model, and reports the steps', { timeout: 40_000 }, async () => {
  const before = events.length;
  await after(() => writeFileSync(join(cwd, 'model.onnx'), squaring()), 'ready');
  expect(events.slice(before)).toContainEqual({ kind: 'step', step: 'pressing the model' });
  expect(await ask()).toEqual([{ first: 63 }]);
});

test('a change of the config counts', { timeout: 40_000 }, async () => {
  const path = join(cwd, 'coldpress.config.ts');
  const renamed = readFileSync(path, 'utf8').replace('model:', "name: 'renamed', model:");
  await after(() => writeFileSync(path, renamed), 'ready');
  expect(await (await fetch(`${dev.url}/_coldpress/`)).text()).toContain('<h1>renamed</h1>');
});

test('what the score throws is reported with its place, to the terminal and to the caller', {
  timeout: 40_000,
}, async () => {
  const throwing = score(1).replace('first:', 'first: Number(row) < 0 || fail(records), second:');
  const failing = `${throwing}\nfunction fail(records) {\n  console.log('scoring', 1);\n  throw new RangeError('too far');\n}\n`;
  await after(() => writeFileSync(join(cwd, 'score.ts'), failing), 'ready');
  const before = events.length;
  const thrown = `${join(cwd, 'score.ts')}:8:9  throw new RangeError('too far');`;
  const answer = (await ask()) as { error: string; at: string[] };
  expect(answer).toEqual({
    error: 'RangeError: too far',
    at: [thrown, expect.anything(), expect.anything()],
  });
  await expect.poll(() => events.slice(before).length).toBe(3);
  const frame = { file: join(cwd, 'score.ts'), line: 8, column: 9, code: "throw new RangeError('too far');" };
  const caller = {
    ...frame,
    line: 3,
    column: expect.any(Number),
    code: expect.stringContaining('fail(records)'),
  };
  const request = { method: 'POST', path: '/', status: 500, ms: expect.any(Number) };
  expect(events.slice(before)).toEqual([
    { kind: 'output', text: 'scoring 1' },
    { kind: 'exception', message: 'RangeError: too far', frames: [frame, caller, caller] },
    { kind: 'request', ...request, records: 1, failures: 1 },
  ]);
});

test('files that are not packed are not watched', { timeout: 40_000 }, async () => {
  const before = events.length;
  writeFileSync(join(cwd, 'unrelated.ts'), 'export {};\n');
  writeFileSync(join(cwd, 'record.json'), '{}');
  await after(() => writeFileSync(join(cwd, 'score.ts'), score(3)), 'ready');
  const changed = events.slice(before).flatMap(event => (event.kind === 'changed' ? [event.name] : []));
  expect(new Set(changed)).toEqual(new Set(['score.ts']));
});
