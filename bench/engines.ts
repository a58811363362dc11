/**
 * Compares both engines in this process, ONNX Runtime with one thread through its binding alone: opening a model, and
 * runs of 1 and of 1,000 rows. CPU time, V8's other threads included, interleaved, medians.
 *
 *     node bench/engines.ts MODEL [--rounds 15]
 *
 * MODEL is a file, or one of logistic, one-hot-texts, one-hot-codes, network, forest.
 */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from 'simple-statistics';
import { datatypes } from '../lib/contract/datatypes.ts';
import type { TensorSpec } from '../lib/contract/manifest.ts';
import { pressModel } from '../lib/index.ts';
import { writeModel } from '../lib/model/write.ts';
import { openProgramFile } from '../lib/runtime/engine/compiled/open.ts';
import { findEngine } from '../lib/runtime/engine/onnxruntime/find.ts';
import { loadEngine, openSession } from '../lib/runtime/engine/onnxruntime/session.ts';
import type { Session } from '../lib/runtime/engine/session.ts';
import { EngineTensor } from '../lib/runtime/engine/tensor.ts';
import { makeTemporaryFolder } from '../lib/temporary-folder.ts';
import { forest } from './models/forest.ts';
import { logistic, network, oneHotCodes, oneHotTexts } from './models/pipelines.ts';
import { randomNumbers } from './models/random.ts';

const models = {
  logistic,
  'one-hot-texts': oneHotTexts,
  'one-hot-codes': oneHotCodes,
  network,
  forest,
};
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '15' } },
});
const [given = ''] = positionals;
const rounds = Number(values.rounds);
const random = randomNumbers(1);
const dir = await makeTemporaryFolder({ purpose: 'engines' });
try {
  await compare();
} finally {
  rmSync(dir, { recursive: true });
}

async function compare(): Promise<void> {
  const path = await modelPath();
  const folders = { compiled: join(dir, 'compiled'), onnxruntime: join(dir, 'onnxruntime') };
  for (const engine of ['compiled', 'onnxruntime'] as const) {
    await pressModel(path, { outDir: folders[engine], arch: 'x64', engine });
  }
  const { signature } = JSON.parse(readFileSync(join(folders.compiled, 'coldpress.json'), 'utf8'));
  const names = signature.outputs.map(({ name }: { name: string }) => name);
  const rows = (count: number) =>
    new Map<string, EngineTensor>(
      signature.inputs.map((input: TensorSpec) => [input.name, randomTensor(input, count)]),
    );
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
  const times: Record<string, Record<string, number[]>> = {};
  const record = (engine: string, what: string, ms: number) => {
    times[what] ??= { compiled: [], onnxruntime: [] };
    times[what][engine]!.push(ms);
  };
  for (let round = 0; round < rounds; round++) {
    for (const [engine, opener] of Object.entries(open)) {
      let session!: Session;
      record(
        engine,
        'open',
        cpuMs(() => {
          session = opener();
        }),
      );
      const row = rows(1);
      record(
        engine,
        'first row',
        cpuMs(() => session.run(row, names)),
      );
      session.close();
    }
  }
  // Warmed up like a function: one model per process, which has answered for a while. Each row is different, because a
  // CPU learns the path of a repeated row through the trees.
  const sessions = Object.entries(open).map(([engine, opener]) => ({ engine, session: opener() }));
  const counts = { 'a row, warm': [1000, 1], '1,000 rows, warm': [50, 1000] } as const;
  for (let round = 0; round < rounds; round++) {
    for (const [what, [runs, count]] of Object.entries(counts)) {
      // No more than stay in the CPU's cache, as those of a request just decoded do.
      const several = Array.from({ length: Math.min(runs, Math.ceil(10_000 / count)) }, () => rows(count));
      // In turns, because the first to read new rows waits longer for the memory.
      for (const { engine, session } of round % 2 === 0 ? sessions : sessions.toReversed()) {
        const ms = cpuMs(() => {
          for (let at = 0; at < runs; at++) {
            session.run(several[at % several.length]!, names);
          }
        });
        record(engine, what, ms / runs);
      }
    }
  }
  const bytes = (file: string) => statSync(join(folders.compiled, file)).size;
  console.log(`${given}: weights ${(bytes('model.data') / statSync(path).size).toFixed(2)} of the file`);
  for (const [what, { compiled = [], onnxruntime = [] }] of Object.entries(times)) {
    const [own, native] = [median(compiled), median(onnxruntime)];
    console.log(
      `  ${what.padEnd(18)} ${own.toFixed(3)} ms, ONNX Runtime ${native.toFixed(3)} ms: ${(own / native).toFixed(2)}`,
    );
  }
}

async function modelPath(): Promise<string> {
  if (!Object.hasOwn(models, given)) {
    return given;
  }
  const path = join(dir, 'model.onnx');
  await writeModel({ proto: models[given as keyof typeof models](1) }, path);
  return path;
}

/** Texts are categories of the pipelines, and some unknown ones; numbers lie on both sides of 0. */
function randomTensor({ datatype, shape }: TensorSpec, count: number): EngineTensor {
  const type = datatypes[datatype].engine;
  const dims = shape!.map(size => (typeof size === 'number' ? size : count));
  const length = dims.reduce((product, size) => product * size, 1);
  const data =
    type === 'string'
      ? Array.from({ length }, () => `c${Math.floor(random() * 11)}`)
      : Float32Array.from({ length }, () => random() * 4 - 2);
  return new EngineTensor(type, data, dims);
}

/** The kernel counts the CPU time of one thread in ticks of a millisecond or more, that of the process in microseconds. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
