import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { beforeAll, expect, test } from 'vitest';
import { runBatch } from '../../lib/local/batch/batch.ts';
import { folder, run, start } from '../cli/coldpress.ts';
import { example, makeScratch, packExample } from '../packed/pack-example.ts';
import { host } from './tiny-artifact.ts';

const scratch = makeScratch();
const features = 30;
let packed: string;

beforeAll(async () => {
  packed = await packExample(scratch, 'aws-lambda');
}, 60_000);

const [header, ...samples] = readFileSync(join(example, 'samples.csv'), 'utf8')
  .trim()
  .split(/\r?\n/)
  .map(line => line.split(',').slice(0, features).join(','));

function csvOf(count: number): string[] {
  return [header!, ...Array.from({ length: count }, (_, row) => samples[row % samples.length]!)];
}

/** An input folder of these files, and a folder for its results. */
function job(name: string, files: Record<string, string>): { input: string; output: string } {
  const input = folder(`${name}-in`);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(input, file, '..'), { recursive: true });
    writeFileSync(join(input, file), text);
  }
  return { input, output: folder(`${name}-out`) };
}

function linesOf(...path: string[]): string[] {
  return readFileSync(join(...path), 'utf8')
    .split(/\r?\n/)
    .slice(0, -1);
}

test('scores a folder of CSV and JSON Lines; a row that fails fails alone and is named', async () => {
  const record = JSON.parse(readFileSync(join(example, 'record.json'), 'utf8'));
  const rows = csvOf(700);
  rows[3] = rows[3]!.replace(/^[^,]+/, '"a ""word""\nof two lines"');
  rows[6] = '1,2,3';
  rows.splice(10, 0, '');
  const { input, output } = job('folder', {
    'rows.csv': `\uFEFF${rows.join('\r\n')}`,
    'deep/rows.jsonl': `${JSON.stringify(record)}\n\n{"mean radius":1}\nno JSON\n${JSON.stringify(record)}`,
    'README.md': 'not to score',
  });
  const { code, stdout } = await run(['batch', packed, input, output, '--json']);
  expect(code).toBe(0);
  const { rows: count, files } = JSON.parse(stdout);
  expect(count).toBe(704);
  expect(files.map((file: { failed: number }) => file.failed)).toEqual([2, 2]);

  const csv = parse(readFileSync(join(output, 'rows.csv.csv')));
  expect(csv[0]).toEqual(['row', 'label', 'probabilities[malignant]', 'probabilities[benign]', 'error']);
  expect(csv.slice(1).map(([row]) => Number(row))).toEqual(
    Array.from({ length: 700 }, (_, index) => index + 1),
  );
  expect(csv[1]!.join()).toMatch(/^1,malignant,0\.99\d*,0\.00\d*,$/);
  expect(csv[3]!.join()).toMatch(/^3,,,,mean radius: .*number/);
  const failures = linesOf(output, 'rows.csv.failures.jsonl').map(line => JSON.parse(line));
  expect(failures).toMatchObject([
    { row: 3, error: { code: 'RECORD' }, record: { 'mean radius': 'a "word"\nof two lines' } },
    {
      row: 6,
      error: { code: 'CSV', message: 'the row has 3 columns; expected 30' },
      record: ['1', '2', '3'],
    },
  ]);

  const jsonl = linesOf(output, 'deep/rows.jsonl.jsonl').map(line => JSON.parse(line));
  expect(jsonl.map(({ row }) => row)).toEqual([1, 2, 3, 4]);
  expect(jsonl[0].result.probabilities.benign).toBeTypeOf('number');
  expect(jsonl[2]).toMatchObject({ error: { code: 'JSON' } });
  expect(existsSync(join(output, 'README.md.csv'))).toBe(false);
}, 60_000);

test('killed and started again, it gives what it gives in one go', async () => {
  const { input, output } = job('killed', { 'rows.csv': `${csvOf(100_000).join('\n')}\n` });
  const whole = folder('whole');
  await runBatch(packed, { input, output: whole }, { host });
  const checkpoint = join(output, '.coldpress/rows.csv.json');
  const { child, ended } = start(['batch', packed, input, output, '--processes', '1']);
  while (!existsSync(checkpoint) && child.exitCode === null) {
    await setTimeout(2);
  }
  // It would go on while the next line is under way.
  child.kill('SIGSTOP');
  await expect(runBatch(packed, { input, output }, { host })).rejects.toMatchObject({
    code: 'BATCH_RUNNING',
  });
  child.kill('SIGKILL');
  expect((await ended).signal).toBe('SIGKILL');
  // Results appear when they are whole.
  expect(existsSync(join(output, 'rows.csv.csv'))).toBe(false);
  const { files } = await runBatch(packed, { input, output }, { host });
  expect(files[0]).toMatchObject({ rows: 100_000, earlierRows: expect.any(Number) });
  expect((files[0] as { earlierRows: number }).earlierRows).toBeGreaterThan(0);
  expect(readFileSync(join(output, 'rows.csv.csv'))).toEqual(readFileSync(join(whole, 'rows.csv.csv')));
  expect(readdirSync(join(output, '.coldpress'))).toEqual(['rows.csv.json']);
}, 120_000);

test('what is scored is not scored again, until the file changes', async () => {
  const { input, output } = job('again', { 'rows.csv': `${csvOf(3).join('\n')}\n` });
  const rowsOf = async () => (await runBatch(packed, { input, output }, { host, processes: 1 })).rows;
  expect(await rowsOf()).toBe(3);
  expect(await rowsOf()).toBe(0);
  writeFileSync(join(input, 'rows.csv'), `${csvOf(2).join('\n')}\n`);
  expect(await rowsOf()).toBe(2);
  expect(linesOf(output, 'rows.csv.csv').length).toBe(3);
});

test('a file that changed is scored anew, whatever its size and time say', async () => {
  const { input, output } = job('changed', { 'rows.csv': `${csvOf(3).join('\n')}\n` });
  const path = join(input, 'rows.csv');
  const score = async () => (await runBatch(packed, { input, output }, { host, processes: 1 })).rows;
  expect(await score()).toBe(3);
  const before = readFileSync(join(output, 'rows.csv.csv'), 'utf8');
  const { atime, mtime } = statSync(path);
  const [first, second, ...rest] = csvOf(3);
  writeFileSync(path, `${[first, ...rest, second].join('\n')}\n`);
  utimesSync(path, atime, mtime);
  expect(await score()).toBe(3);
  expect(readFileSync(join(output, 'rows.csv.csv'), 'utf8')).not.toBe(before);
  // Of what was done, the results may not be taken away unnoticed.
  rmSync(join(output, 'rows.csv.csv'));
  expect(await score()).toBe(3);
}, 30_000);

test('reports an invalid CSV file by line and scores the others', async () => {
  const bad = csvOf(5);
  bad[3] = `"${bad[3]}`;
  const { input, output } = job('bad', {
    'a.csv': bad.join('\n'),
    'b.csv': csvOf(2).join('\n'),
    'empty.csv': '',
  });
  const { code, stdout } = await run(['batch', packed, input, output]);
  expect(code).toBe(2);
  expect(stdout).toMatch(/a\.csv: BATCH_INPUT: .* line 4/);
  expect(stdout).toContain('b.csv: 2 rows');
  expect(readFileSync(join(output, 'empty.csv.csv'), 'utf8')).toBe('row,error\r\n');
}, 30_000);

test('reports what a file is that is not UTF-8 text, and skips a byte order mark', async () => {
  const { input, output } = job('encodings', {
    'bom.jsonl': '\uFEFF{"mean radius":1}\n',
    'bom.csv': '\uFEFF',
  });
  const rows = csvOf(2).join('\n');
  writeFileSync(join(input, 'gz.csv'), gzipSync(rows));
  writeFileSync(join(input, 'utf16.csv'), Buffer.from(`\uFEFF${rows}`, 'utf16le'));
  writeFileSync(join(input, 'zeros.csv'), Buffer.alloc(100));
  symlinkSync(join(input, 'none'), join(input, 'nowhere.csv'));
  const { files } = await runBatch(packed, { input, output }, { host, processes: 1 });
  const reported = Object.fromEntries(
    files.map(file => [basename(file.input), 'error' in file ? file.error.message : file.rows]),
  );
  expect(reported).toEqual({
    'bom.csv': 0,
    'bom.jsonl': 1,
    'gz.csv': expect.stringContaining('compressed'),
    'nowhere.csv': expect.stringContaining('ENOENT'),
    'utf16.csv': expect.stringContaining('UTF-16'),
    'zeros.csv': expect.stringContaining('not a text file'),
  });
  const [failure] = linesOf(output, 'bom.jsonl.failures.jsonl').map(line => JSON.parse(line));
  expect(failure.error.code).toBe('RECORD');
}, 30_000);

test('results may go to a folder around the input', async () => {
  const { input, output } = job('around', {});
  mkdirSync(join(output, 'in'));
  writeFileSync(join(output, 'in/rows.csv'), csvOf(2).join('\n'));
  const { rows } = await runBatch(packed, { input: join(output, 'in'), output }, { host, processes: 1 });
  expect([rows, existsSync(join(output, 'rows.csv.csv'))]).toEqual([2, true]);
  const file = join(output, 'in/rows.csv');
  await expect(runBatch(packed, { input, output: join(file, 'out') }, { host })).rejects.toMatchObject({
    code: 'BATCH_NO_INPUT',
  });
  await expect(runBatch(packed, { input: file, output: join(file, 'out') }, { host })).rejects.toMatchObject({
    code: 'OUTPUT_UNWRITABLE',
  });
}, 30_000);

test('refuses what it cannot do', async () => {
  const { input, output } = job('refused', { 'rows.txt': 'x' });
  const refused = (options: { input: string; output: string }) => runBatch(packed, options, { host });
  await expect(refused({ input, output })).rejects.toMatchObject({ code: 'BATCH_NO_INPUT' });
  await expect(refused({ input: join(input, 'none'), output })).rejects.toMatchObject({
    code: 'BATCH_NO_INPUT',
  });
  await expect(refused({ input, output: input })).rejects.toMatchObject({ code: 'OPTION_CONFLICT' });
  // Results go to a folder, and a new one is not called like a file.
  await expect(refused({ input, output: join(output, 'scored.csv') })).rejects.toMatchObject({
    code: 'OPTION_INVALID',
  });
  copyFileSync(join(input, 'rows.txt'), join(input, 'rows.csv'));
  await expect(refused({ input: join(input, 'rows.csv'), output })).resolves.toMatchObject({ rows: 0 });
});

test.each(['csv', 'jsonl'])('of %s, all of whose first rows fail, the rest is not scored', async format => {
  const line = format === 'csv' ? '1,2' : '{"a":1,"b":2}';
  const text = [...(format === 'csv' ? ['a,b'] : []), ...Array(40_000).fill(line)].join('\n');
  const { input, output } = job(`hopeless-${format}`, { [`rows.${format}`]: text });
  const { code, stdout } = await run(['batch', packed, input, output, '--json']);
  const [file] = JSON.parse(stdout).files;
  expect({ code, file }).toMatchObject({ code: 2, file: { error: { code: 'BATCH_ALL_FAILED' } } });
  expect(existsSync(join(output, `rows.${format}`))).toBe(false);
});

test('some failures end with 0, and with --strict with 2', async () => {
  const { input, output } = job('strict', { 'rows.csv': [...csvOf(3), '1,2'].join('\n') });
  expect(await run(['batch', packed, input, output])).toMatchObject({ code: 0 });
  expect(await run(['batch', packed, input, output, '--strict'])).toMatchObject({ code: 2 });
});

test('a port that no machine has is refused', async () => {
  expect(await run(['serve', packed, '--port', '65536'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^OPTION_OUT_OF_RANGE: /),
  });
});
