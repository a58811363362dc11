import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { openPageCache } from '../../lib/bench/machine/page-cache.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-rows-'));
const rowBytes = 2 ** 12;
const rows = 2 ** 14;
const path = join(scratch, 'model.data');
const source = fileURLToPath(new URL('../../lib/runtime/engine/onnxruntime/read-rows.ts', import.meta.url));
const script = `
const { readFileSync } = process.getBuiltinModule('node:fs');
const { readingRows } = await import(${JSON.stringify(source)});
const [path, indices] = process.argv.slice(1);
const lookup = { input: 'ids', offset: 0, rows: ${rows}, rowBytes: ${rowBytes} };
const bytes = () => Number(/rchar: (\\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))[1]);
const session = readingRows({ run: () => [bytes()], close() {} }, path, [lookup]);
const before = bytes();
const inputs = new Map([['ids', { data: BigInt64Array.from(JSON.parse(indices).map(BigInt)) }]]);
const [first] = session.run(inputs, []);
// What the threads read, too.
process.on('exit', () => console.log(JSON.stringify([first - before, bytes() - before])));`;

writeFileSync(path, Buffer.alloc(rows * rowBytes, 1));
const cache = await openPageCache(scratch).catch(error => String(error.message));
const skipped = typeof cache === 'string' ? ` (${cache})` : '';

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Bytes that were read when the session ran, and in the end. */
function bytesRead(indices: number[], file = path): [run: number, end: number] {
  return JSON.parse(
    execFileSync(process.execPath, ['-e', script, file, JSON.stringify(indices)], { encoding: 'utf8' }),
  );
}

/** The most of three: of a disk that once answers as fast as memory, nothing is read. */
async function bytesReadCold(indices: number[]): Promise<[run: number, end: number]> {
  let most: [run: number, end: number] = [0, 0];
  for (let i = 0; i < 3; i++) {
    await (cache as Exclude<typeof cache, string>).drop();
    const read = bytesRead(indices);
    most = read[0] > most[0] ? read : most;
  }
  return most;
}

test.skipIf(skipped !== '')(
  `of a cold table only the rows asked for are read, before the run${skipped}`,
  async () => {
    const far = Array.from({ length: 100 }, (_, i) => i * 160 + 1);
    const [run, end] = await bytesReadCold(far);
    expect(run).toBeGreaterThan(far.length * rowBytes);
    // By this thread, and by one of Node's.
    expect(end).toBeLessThan(3 * far.length * rowBytes);
  },
);

test.skipIf(skipped !== '')(
  `rows that lie close are read with what lies between, counted from the end, too${skipped}`,
  async () => {
    const close = Array.from({ length: 64 }, (_, i) => -1 - i * 16);
    const [run] = await bytesReadCold([...close, rows, -rows - 1]);
    expect(run).toBeGreaterThan(63 * 16 * rowBytes);
  },
);

test.skipIf(process.platform !== 'linux')('what cannot be read is closed again', async () => {
  const { readingRows } = await import('../../lib/runtime/engine/onnxruntime/read-rows.ts');
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  for (let i = 0; i < 20; i += 1) {
    // A folder can be opened.
    readingRows({ run: () => [], close() {} }, scratch, [{ input: 'ids', offset: 0, rows, rowBytes }]).run(
      new Map(),
      [],
    );
  }
  expect(open() - before).toBeLessThan(20);
});

test.skipIf(skipped !== '')('a file that is not there is left to the model to refuse', () => {
  expect(bytesRead([1], join(scratch, 'none'))[0]).toBeLessThan(rowBytes);
});
