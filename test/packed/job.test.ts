import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type LocalStorage, startStorage } from './local-storage.ts';
import { example, makeScratch, packExample } from './pack-example.ts';

/** The packed server as a task of a Cloud Run job: a process of its own, against a local Cloud Storage. */

const scratch = makeScratch();
const [head, ...rows] = readFileSync(join(example, 'samples.csv'), 'utf8').trim().split('\n');
const inputs = Array.from({ length: 20 }, (_, index) => `in/day ${String(index).padStart(2, '0')}.csv`);
let folder: string;
let storage: LocalStorage;

beforeAll(async () => {
  folder = join(await packExample(scratch, 'container-compiled'), 'function');
}, 60_000);

beforeEach(async () => {
  storage = await startStorage();
  for (const [index, name] of inputs.entries()) {
    storage.put(`bucket/${name}`, `${[head, ...rows.slice(index, index + 5)].join('\n')}\n`);
  }
});

afterEach(() => storage.close());

const variables = () => ({
  STORAGE_EMULATOR_HOST: storage.host,
  COLDPRESS_JOB_INPUT: 'gs://bucket/in/',
  COLDPRESS_JOB_OUTPUT: 'gs://bucket/out/',
});

function start(env: Record<string, string> = {}) {
  return spawn(process.execPath, ['index.mjs', 'job'], {
    cwd: folder,
    env: { ...variables(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(env: Record<string, string> = {}) {
  const child = start(env);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { code, stderr, lines: stdout.trim().split('\n'), last: stdout.trim().split('\n').at(-1) };
}

/** Of each input, the rows of its results, by number. */
function results(): Record<string, string[]> {
  return Object.fromEntries(
    [...storage.objects]
      .filter(([path]) => path.startsWith('bucket/out/'))
      .map(([path, { bytes }]) => [
        path.slice('bucket/out/'.length),
        bytes
          .toString()
          .trim()
          .split('\r\n')
          .slice(1)
          .map(line => line.split(',')[0]!),
      ]),
  );
}

const whole = Object.fromEntries(inputs.map(name => [`${name}.csv`, ['1', '2', '3', '4', '5']]));

test.each([
  ['SIGKILL', [null, 'SIGKILL']],
  ['SIGTERM', [143, null]],
] as const)(
  '%s in the middle: the next start scores what has no results, no row twice, none lost',
  async (sent, ending) => {
    const child = start();
    storage.onEnd = () => {
      if (storage.written.length < 8) {
        return true;
      }
      child.kill(sent);
      return false;
    };
    expect(await once(child, 'exit')).toEqual(ending);
    expect(storage.written).toHaveLength(8);

    storage.onEnd = () => true;
    expect(await run()).toMatchObject({ code: 0, last: '12 objects scored, 8 had results, 0 failed' });
    expect(results()).toEqual(whole);
    expect(new Set(storage.written).size).toBe(storage.written.length);
    expect(await run()).toMatchObject({ code: 0, last: '0 objects scored, 20 had results, 0 failed' });
  },
);

test('tasks divide the objects, and one that is added meanwhile moves none of them', async () => {
  const task = (index: number) => run({ CLOUD_RUN_TASK_COUNT: '3', CLOUD_RUN_TASK_INDEX: String(index) });
  const first = await task(0);
  // By name it comes before all others.
  storage.put('bucket/in/a.csv', `${head}\n${rows[0]}\n`);
  const others = [await task(1), await task(2)];
  expect([first, ...others].map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(first.last).toBe('7 objects scored, 0 had results, 0 failed');
  expect(results()).toEqual({ ...whole, 'in/a.csv.csv': ['1'] });
  expect(storage.written).toHaveLength(21);
});

test('an object that has changed, or has results of another model, is scored again', async () => {
  await run();
  storage.put(`bucket/${inputs[3]}`, `${head}\n${rows[0]}\n`);
  storage.objects.get(`bucket/out/${inputs[4]}.csv`)!.metadata.coldpress = 'of another model';
  expect(await run()).toMatchObject({ last: '2 objects scored, 18 had results, 0 failed' });
  expect(results()[`${inputs[3]}.csv`]).toEqual(['1']);
});

test('an output is a folder, with its last slash or without', async () => {
  expect(await run({ COLDPRESS_JOB_OUTPUT: 'gs://bucket/out' })).toMatchObject({ code: 0 });
  expect(results()).toEqual(whole);
});

test('results lie next to the inputs unless it is said otherwise, and are never scored', async () => {
  const env = { COLDPRESS_JOB_INPUT: 'gs://bucket', COLDPRESS_JOB_OUTPUT: '' };
  expect(await run(env)).toMatchObject({ code: 0, last: '20 objects scored, 0 had results, 0 failed' });
  expect(storage.objects.has(`bucket/scored/${inputs[0]}.csv`)).toBe(true);
  expect(await run(env)).toMatchObject({ last: '0 objects scored, 20 had results, 0 failed' });
});

test('an object that cannot be read fails the task, after all others; each leaves its line', async () => {
  storage.put('bucket/in/notes.txt', 'hello');
  const { code, stderr, lines } = await run();
  expect(code).toBe(1);
  expect(stderr).toMatch(/^gs:\/\/bucket\/in\/notes\.txt: .*format/);
  expect(results()).toEqual(whole);
  expect(JSON.parse(lines[0]!)).toMatchObject({ severity: 'INFO', source: 'job', records: 5, failures: 0 });
  expect(lines.at(-1)).toBe('20 objects scored, 0 had results, 1 failed');
});

test('an upload that is cut is made again, after all others', async () => {
  const lost = [`bucket/out/${inputs[0]}.csv`, `bucket/out/${inputs[5]}.csv`];
  storage.onEnd = path => {
    const isLost = lost[0] === path;
    lost.splice(0, isLost ? 1 : 0);
    return !isLost;
  };
  expect(await run()).toMatchObject({ code: 0, last: '20 objects scored, 0 had results, 0 failed' });
  expect(results()).toEqual(whole);
  expect(storage.written.slice(-2)).toEqual([`bucket/out/${inputs[0]}.csv`, `bucket/out/${inputs[5]}.csv`]);
});

test.each([
  [{ COLDPRESS_JOB_INPUT: '' }, /COLDPRESS_JOB_INPUT is not set/],
  [{ COLDPRESS_JOB_INPUT: 's3://bucket/in/' }, /expected gs:/],
  [{ CLOUD_RUN_TASK_INDEX: '2', CLOUD_RUN_TASK_COUNT: '2' }, /CLOUD_RUN_TASK_INDEX is 2/],
])('%j: one line, and an end', async (env, says) => {
  const { code, stderr } = await run(env as Record<string, string>);
  expect(code).toBe(1);
  expect(stderr.trim()).toMatch(says);
  expect(stderr.trim()).not.toContain('\n');
});
