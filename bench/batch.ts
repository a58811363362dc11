/**
 * Rows per second of `coldpress batch`, compared with a bare loop in one process that parses the same file with the
 * same CSV library, runs the model at the same batch size and writes nothing:
 *   node bench/batch.ts [--rows 100000] [--rounds 3]
 * They take turns. Exits with 1 if the median ratio is below 0.8.
 */
import { createReadStream, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse';
import type { NativeEngine } from '../lib/contract/manifest.ts';
import { runBatch } from '../lib/local/batch/batch.ts';
import { hostOf } from '../lib/local/host.ts';
import { pack } from '../lib/pack/pack.ts';
import { findEngine } from '../lib/runtime/engine/onnxruntime/find.ts';
import { loadEngine, openSession } from '../lib/runtime/engine/onnxruntime/session.ts';
import { EngineTensor } from '../lib/runtime/engine/tensor.ts';
import { makeTemporaryFolder } from '../lib/temporary-folder.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '3' } },
});
const [rows, rounds] = [Number(values.rows), Number(values.rounds)];
const example = fileURLToPath(new URL('../examples/breast-cancer', import.meta.url));
const features = 30;
/** The runtime's batch size; see lib/runtime/score/score-records.ts. */
const batchSize = 256;

const scratch = await makeTemporaryFolder({ purpose: 'batch' });
try {
  const file = writeRows(join(scratch, 'rows.csv'));
  const packed = join(scratch, 'packed');
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
  const config = join(example, 'coldpress.config.ts');
  const { manifest } = await pack({
    config,
    arch,
    native: 'inline',
    out: packed,
    cwd: scratch,
    env: process.env,
  });
  const bare = openBare(join(packed, 'function'), manifest);
  const ratios: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const bareRate = await rate(() => bare(file));
    const batchRate = await rate(async () => {
      await runBatch(
        packed,
        { input: file, output: join(scratch, `out-${round}`) },
        { host: hostOf(process) },
      );
    });
    ratios.push(batchRate / bareRate);
    console.log(
      `round ${round}: bare loop ${bareRate.toFixed(0)} rows/s, coldpress batch ${batchRate.toFixed(0)} rows/s, ` +
        `ratio ${(batchRate / bareRate).toFixed(2)}`,
    );
  }
  const median = ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)]!;
  console.log(`median ratio ${median.toFixed(2)}; at least 0.8 is wanted`);
  process.exitCode = median >= 0.8 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function rate(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (1000 * rows) / (performance.now() - start);
}

/** Repeats the example's samples, without their expected outputs. */
function writeRows(path: string): string {
  const [header, ...samples] = readFileSync(join(example, 'samples.csv'), 'utf8')
    .trim()
    .split(/\r?\n/)
    .map(line => line.split(',').slice(0, features).join(','));
  const lines = Array.from({ length: rows }, (_, row) => samples[row % samples.length]);
  writeFileSync(path, `${[header, ...lines].join('\n')}\n`);
  return path;
}

function openBare(
  dir: string,
  { engine, model }: Pick<Awaited<ReturnType<typeof pack>>['manifest'], 'engine' | 'model'>,
): (file: string) => Promise<void> {
  const session = openSession(loadEngine(findEngine(dir, engine as NativeEngine)), join(dir, model.path), {
    ...model.session,
    intraOpNumThreads: 1,
  });
  const values = new Float32Array(features * batchSize);
  const run = (count: number) => {
    const data = values.subarray(0, count * features);
    const tensor = new EngineTensor('float32', data, [count, features]);
    session.run(new Map([['float_input', tensor]]), ['output_label', 'output_probability']);
  };
  return async file => {
    let count = 0;
    for await (const fields of createReadStream(file).pipe(parse({ from_line: 2 }))) {
      for (let column = 0; column < features; column += 1) {
        values[features * count + column] = Number(fields[column]);
      }
      count += 1;
      if (count === batchSize) {
        run(count);
        count = 0;
      }
    }
    run(count);
  };
}
