import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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
    expect(await run()).toMatchObject({
      code: 0,
      last: '12 objects or parts scored, 8 had results, 0 failed',
    });
    expect(results()).toEqual(whole);
    expect(new Set(storage.written).size).toBe(storage.written.length);
    expect(await run()).toMatchObject({
      code: 0,
      last: '0 objects or parts scored, 20 had results, 0 failed',
    });
  },
);

test('tasks divide the objects, and one that is added meanwhile moves none of them', async () => {
  const task = (index: number) => run({ CLOUD_RUN_TASK_COUNT: '3', CLOUD_RUN_TASK_INDEX: String(index) });
  const first = await task(0);
  // By name it comes before all others.
  storage.put('bucket/in/a.csv', `${head}\n${rows[0]}\n`);
  const others = [await task(1), await task(2)];
  expect([first, ...others].map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(first.last).toBe('7 objects or parts scored, 0 had results, 0 failed');
  expect(results()).toEqual({ ...whole, 'in/a.csv.csv': ['1'] });
  expect(storage.written).toHaveLength(21);
});

test('an object that has changed, or has results of another model, is scored again', async () => {
  await run();
  storage.put(`bucket/${inputs[3]}`, `${head}\n${rows[0]}\n`);
  storage.objects.get(`bucket/out/${inputs[4]}.csv`)!.metadata.coldpress = 'of another model';
  expect(await run()).toMatchObject({ last: '2 objects or parts scored, 18 had results, 0 failed' });
  expect(results()[`${inputs[3]}.csv`]).toEqual(['1']);
});

test('an output is a folder, with its last slash or without', async () => {
  expect(await run({ COLDPRESS_JOB_OUTPUT: 'gs://bucket/out' })).toMatchObject({ code: 0 });
  expect(results()).toEqual(whole);
});

test('results lie next to the inputs unless it is said otherwise, and are never scored', async () => {
  const env = { COLDPRESS_JOB_INPUT: 'gs://bucket', COLDPRESS_JOB_OUTPUT: '' };
  expect(await run(env)).toMatchObject({
    code: 0,
    last: '20 objects or parts scored, 0 had results, 0 failed',
  });
  expect(storage.objects.has(`bucket/scored/${inputs[0]}.csv`)).toBe(true);
  expect(await run(env)).toMatchObject({ last: '0 objects or parts scored, 20 had results, 0 failed' });
});

test('an object that cannot be read fails the task, after all others; each leaves its line', async () => {
  storage.put('bucket/in/notes.txt', 'hello');
  const { code, stderr, lines } = await run();
  expect(code).toBe(1);
  expect(stderr).toMatch(/^gs:\/\/bucket\/in\/notes\.txt: .*format/);
  expect(results()).toEqual(whole);
  expect(JSON.parse(lines[0]!)).toMatchObject({ severity: 'INFO', source: 'job', records: 5, failures: 0 });
  expect(lines.at(-1)).toBe('20 objects or parts scored, 0 had results, 1 failed');
});

test('an upload that is cut is made again, after all others', async () => {
  const lost = [`bucket/out/${inputs[0]}.csv`, `bucket/out/${inputs[5]}.csv`];
  storage.onEnd = path => {
    const isLost = lost[0] === path;
    lost.splice(0, isLost ? 1 : 0);
    return !isLost;
  };
  expect(await run()).toMatchObject({ code: 0, last: '20 objects or parts scored, 0 had results, 0 failed' });
  expect(results()).toEqual(whole);
  expect(storage.written.slice(-2)).toEqual([`bucket/out/${inputs[0]}.csv`, `bucket/out/${inputs[5]}.csv`]);
});

/** All rows of the results of one object's parts, in order, without their headers. */
function joined(prefix: string): string[] {
  return [...storage.objects]
    .filter(([path]) => path.startsWith(`bucket/out/${prefix}`))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, { bytes }]) => bytes.toString().trim().split('\r\n').slice(1))
    .map(line => line.split(',').slice(1).join());
}

describe('large objects', () => {
  const many = Array.from({ length: 60 }, (_, index) => rows[index % rows.length]!);
  // Labels are read by no column of the model; the last one looks like rows of its own.
  const labels = ['plain', '"with ""quotes"", commas"', `"two\r\nlines"`, `"\n${'1,2\n'.repeat(9)}"`];
  const text = `note,${head}\n${many.map((row, index) => `${labels[index % labels.length]},${row}`).join('\n')}\n`;
  const partBytes = (bytes: number) => ({ COLDPRESS_JOB_PART_BYTES: String(bytes) });
  let expected: string[];

  beforeEach(async () => {
    storage.objects.clear();
    storage.put('bucket/in/large.csv', text);
    await run(partBytes(0));
    expected = joined('in/large.csv.csv');
    expect(expected).toHaveLength(60);
    storage.objects.delete('bucket/out/in/large.csv.csv');
    storage.written.length = 0;
  });

  test.each([40, 997, 2500, 5000])(
    'are divided into parts of %d bytes between tasks: each row once, in order',
    async bytes => {
      const count = String(Math.ceil(text.length / bytes)).padStart(5, '0');
      const tasks = await Promise.all(
        [0, 1, 2].map(index =>
          run({ ...partBytes(bytes), CLOUD_RUN_TASK_COUNT: '3', CLOUD_RUN_TASK_INDEX: `${index}` }),
        ),
      );
      expect(tasks.map(({ stderr }) => stderr)).toEqual(['', '', '']);
      expect(joined('in/large.csv.part-')).toEqual(expected);
      expect(storage.written).toContain(`bucket/out/in/large.csv.part-00001-of-${count}.csv`);
      expect(storage.written).toHaveLength(Number(count));
    },
  );

  test('killed at any part, the next start scores the others', async () => {
    for (const after of [0, 3, 6]) {
      const child = start(partBytes(1000));
      const before = storage.written.length;
      storage.onEnd = () => {
        const isOn = storage.written.length - before < after;
        if (!isOn) {
          child.kill('SIGKILL');
        }
        return isOn;
      };
      await once(child, 'exit');
    }
    storage.onEnd = () => true;
    expect(await run(partBytes(1000))).toMatchObject({ code: 0, stderr: '' });
    expect(joined('in/large.csv.part-')).toEqual(expected);
    expect(new Set(storage.written).size).toBe(storage.written.length);
  });

  test('with another size of parts or other rows, earlier parts are removed', async () => {
    await run(partBytes(1000));
    await run(partBytes(2000));
    expect(joined('in/large.csv')).toEqual(expected);
    storage.put('bucket/in/large.csv', `${head}\n${rows[0]}\n`);
    await run(partBytes(2000));
    expect(Object.keys(results())).toEqual(['in/large.csv.csv']);
    expect(joined('in/large.csv')).toEqual(expected.slice(0, 1));
  });

  test('of JSON Lines', async () => {
    const names = head!.split(',');
    const records = many.map(row =>
      JSON.stringify(Object.fromEntries(row.split(',').map((cell, index) => [names[index], Number(cell)]))),
    );
    storage.objects.clear();
    storage.put('bucket/in/large.jsonl', `${records.join('\n')}`);
    expect(await run(partBytes(3000))).toMatchObject({ code: 0, stderr: '' });
    const parts = [...storage.objects]
      .filter(([path]) => path.includes('.part-'))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const lines = parts.flatMap(([, { bytes }]) => bytes.toString().split('\n').filter(Boolean));
    expect(parts.length).toBeGreaterThan(3);
    expect(lines.filter(line => 'result' in JSON.parse(line))).toHaveLength(60);
  });

  test('of another kind are scored by one task, which says so', async () => {
    storage.objects.clear();
    storage.put('bucket/in/large.json', `[${'{},'.repeat(500)}{}]`);
    const { code, lines } = await run(partBytes(100));
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/in\/large\.json: .*json cannot be divided/);
  });

  test('a quoted cell that cannot be told from rows leaves no wrong results', async () => {
    storage.objects.clear();
    const trap = `"\n${`plain,${rows[0]}\n`.repeat(1500)}"`;
    storage.put('bucket/in/trap.csv', `note,${head}\n${trap},${rows[0]}\nplain,${rows[1]}\n`);
    const { code, stderr } = await run(partBytes(100_000));
    expect(code).toBe(1);
    expect(stderr).toMatch(/trap\.csv \(part \d+ of \d+\): .*COLDPRESS_JOB_PART_BYTES=0/);
    expect(storage.written.length).toBeLessThan(
      Math.ceil(storage.objects.get('bucket/in/trap.csv')!.bytes.length / 100_000),
    );
    expect(await run(partBytes(0))).toMatchObject({ code: 0 });
    expect(Object.keys(results())).toEqual(['in/trap.csv.csv']);
    expect(joined('in/trap.csv')).toHaveLength(2);
  });
});

test.each([
  [{ COLDPRESS_JOB_PART_BYTES: 'much' }, /COLDPRESS_JOB_PART_BYTES is "much"/],
  [{ COLDPRESS_JOB_INPUT: '' }, /COLDPRESS_JOB_INPUT is not set/],
  [{ COLDPRESS_JOB_INPUT: 's3://bucket/in/' }, /expected gs:/],
  [{ CLOUD_RUN_TASK_INDEX: '2', CLOUD_RUN_TASK_COUNT: '2' }, /CLOUD_RUN_TASK_INDEX is 2/],
])('%j: one line, and an end', async (env, says) => {
  const { code, stderr } = await run(env as Record<string, string>);
  expect(code).toBe(1);
  expect(stderr.trim()).toMatch(says);
  expect(stderr.trim()).not.toContain('\n');
});
