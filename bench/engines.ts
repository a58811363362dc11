/**
 * Times both engines in this process, ONNX Runtime with one thread through its binding alone: opening a model, and runs
 * of 1 and of 1,000 rows, interleaved, medians.
 *
 *     node bench/engines.ts MODEL [--rounds 15]
 */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from 'simple-statistics';
import { pressModel } from '../lib/index.ts';
import { openProgramFile } from '../lib/runtime/engine/compiled/open.ts';
import { findEngine } from '../lib/runtime/engine/onnxruntime/find.ts';
import { loadEngine, openSession } from '../lib/runtime/engine/onnxruntime/session.ts';
import type { Session } from '../lib/runtime/engine/session.ts';
import { EngineTensor } from '../lib/runtime/engine/tensor.ts';
import { makeTemporaryFolder } from '../lib/temporary-folder.ts';
import { randomNumbers } from './models/random.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '15' } },
});
const [path = ''] = positionals;
const rounds = Number(values.rounds);
const dir = await makeTemporaryFolder({ purpose: 'engines' });
try {
  await compare();
} finally {
  rmSync(dir, { recursive: true });
}

async function compare(): Promise<void> {
  const folders = { compiled: join(dir, 'compiled'), onnxruntime: join(dir, 'onnxruntime') };
  for (const engine of ['compiled', 'onnxruntime'] as const) {
    await pressModel(path, { outDir: folders[engine], arch: 'x64', engine });
  }
  const { signature } = JSON.parse(readFileSync(join(folders.compiled, 'coldpress.json'), 'utf8'));
  const [input] = signature.inputs;
  const columns = Number(input.shape[1]);
  const names = signature.outputs.map(({ name }: { name: string }) => name);
  const binding = loadEngine(findEngine('', { name: 'onnxruntime', native: 'host', path: '' }));
  const open: Record<string, () => Session> = {
    compiled: () => openProgramFile(join(folders.compiled, 'program.json')),
    onnxruntime: () =>
      openSession(binding, join(folders.onnxruntime, 'model.onnx'), {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'disabled',
      }),
  };
  const random = randomNumbers(1);
  const rows = (count: number) => {
    const data = Float32Array.from({ length: count * columns }, () => random() * 4 - 2);
    return new Map([[input.name, new EngineTensor('float32', data, [count, columns])]]);
  };
  const times: Record<string, Record<string, number[]>> = {};
  const record = (engine: string, what: string, ms: number) => {
    times[what] ??= { compiled: [], onnxruntime: [] };
    times[what][engine]!.push(ms);
  };
  for (let round = 0; round < rounds; round++) {
    for (const [engine, opener] of Object.entries(open)) {
      let start = performance.now();
      const session = opener();
      record(engine, 'open', performance.now() - start);
      start = performance.now();
      session.run(rows(1), names);
      record(engine, 'first row', performance.now() - start);
      session.close();
    }
  }
  // Warmed up like a function: one model per process, which has answered for a while. Each row is different, because a
  // CPU learns the path of a repeated row through the trees.
  const sessions = Object.entries(open).map(([engine, opener]) => ({ engine, session: opener() }));
  for (let round = 0; round < rounds; round++) {
    for (const { engine, session } of sessions) {
      const several = Array.from({ length: 200 }, () => rows(1));
      let start = performance.now();
      for (const row of several) {
        session.run(row, names);
      }
      record(engine, 'a row, warm', (performance.now() - start) / several.length);
      const many = rows(1000);
      start = performance.now();
      session.run(many, names);
      record(engine, '1,000 rows, warm', performance.now() - start);
    }
  }
  const bytes = (file: string) => statSync(join(folders.compiled, file)).size;
  console.log(`${path}: weights ${(bytes('model.data') / statSync(path).size).toFixed(2)} of the file`);
  for (const [what, { compiled = [], onnxruntime = [] }] of Object.entries(times)) {
    const [own, native] = [median(compiled), median(onnxruntime)];
    console.log(
      `  ${what.padEnd(18)} ${own.toFixed(3)} ms, ONNX Runtime ${native.toFixed(3)} ms: ${(own / native).toFixed(2)}`,
    );
  }
}
