/**
 * How a sequence of long inferences affects short ones on the same instance, on the event loop's thread and in workers,
 * with each server on one CPU: `long-runs.ts [SECONDS]`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { MODEL_FILE, PROGRAM_FILE, WEIGHTS_FILE } from '../lib/contract/files.ts';
import { compileModel } from '../lib/model/compile/compile.ts';
import { pressModel } from '../lib/model/press/press.ts';
import { type OnnxModel, readModel } from '../lib/model/read.ts';
import { writeModel } from '../lib/model/write.ts';
import { makeTemporaryFolder } from '../lib/temporary-folder.ts';
import { graph, model, node, tensorType, value } from '../test/model/build-model.ts';

const seconds = Number(process.argv[2] ?? 6);
const rounds = 3;
const clients = 4;
const short = 8;
/** Lengths for which an inference takes some tenths of a second. */
const lengths = { onnxruntime: 5000, compiled: 1500 };

const attention = model(
  graph({
    node: [
      node('Transpose', ['x'], ['t'], { perm: [0n, 2n, 1n] }),
      node('MatMul', ['x', 't'], ['s']),
      node('Softmax', ['s'], ['p'], { axis: -1 }),
      node('MatMul', ['p', 'x'], ['y']),
    ],
    input: [value('x', tensorType('FLOAT', ['N', 'L', 4]))],
    output: [value('y', tensorType('FLOAT', ['N', 'L', 4]))],
  }),
  { '': 17 },
);

async function prepare(folder: string): Promise<Record<keyof typeof lengths, string>> {
  const path = join(folder, MODEL_FILE);
  await writeModel({ proto: attention }, path);
  const [native, compiled] = ['native', 'compiled'].map(name => join(folder, name)) as [string, string];
  const { manifest } = await pressModel(path, { outDir: native, arch: 'x64', engine: 'onnxruntime' });
  const { program, weights } = compileModel((await readModel(path)) as OnnxModel, []);
  await mkdir(compiled, { recursive: true });
  await writeFile(join(compiled, WEIGHTS_FILE), weights);
  await writeFile(join(compiled, PROGRAM_FILE), JSON.stringify(program));
  const own = { ...manifest, engine: { name: 'compiled' }, model: { ...manifest.model, path: PROGRAM_FILE } };
  await writeFile(join(compiled, 'coldpress.json'), JSON.stringify(own));
  return { onnxruntime: native, compiled };
}

async function ask(url: string): Promise<{ ms: number; body: string }> {
  const start = performance.now();
  const [response] = await once(get(url), 'response');
  return { body: await text(response), ms: performance.now() - start };
}

/** Times of answers to requests that several clients send one after another. */
async function send(url: string, count: number): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + 1000 * seconds;
  await Promise.all(
    Array.from({ length: count }, async () => {
      while (performance.now() < end) {
        times.push((await ask(url)).ms);
      }
    }),
  );
  return times.toSorted((a, b) => a - b);
}

const at = (times: number[], share: number) => times[Math.floor((times.length - 1) * share)]!;

async function measure(dir: string, workers: number, length: number) {
  const entry = fileURLToPath(new URL('long-runs/server.ts', import.meta.url));
  const server = fork(entry, [dir, String(workers)], {
    execPath: 'taskset',
    execArgv: ['--cpu-list', '0', process.execPath],
  });
  const [{ port }] = (await once(server, 'message')) as [AddressInfo];
  const url = `http://127.0.0.1:${port}`;
  // Warms up, so that each worker has compiled its code.
  await Promise.all(Array.from({ length: 50 }, () => ask(`${url}/${short}`)));
  const alone = await send(`${url}/${short}`, clients);
  const [together, long] = await Promise.all([send(`${url}/${short}`, clients), send(`${url}/${length}`, 1)]);
  const memoryMb = Number((await ask(`${url}/memory`)).body) / 2 ** 20;
  server.kill();
  return {
    alone50: at(alone, 0.5),
    alone99: at(alone, 0.99),
    beside50: at(together, 0.5),
    beside99: at(together, 0.99),
    long50: at(long, 0.5),
    perSecond: together.length / seconds,
    memoryMb,
  };
}

const folder = await makeTemporaryFolder({ purpose: 'long-runs' });
try {
  const dirs = await prepare(folder);
  const samples = new Map<string, Awaited<ReturnType<typeof measure>>[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [engine, length] of Object.entries(lengths) as [keyof typeof lengths, number][]) {
      for (const workers of [0, 1, 2, 4]) {
        const key = `${engine}, ${workers === 0 ? 'event loop' : `${workers} workers`}`;
        samples.set(key, [...(samples.get(key) ?? []), await measure(dirs[engine], workers, length)]);
      }
    }
  }
  for (const [key, measured] of samples) {
    const median = (name: keyof (typeof measured)[0]) =>
      at(
        measured.map(sample => sample[name]).toSorted((a, b) => a - b),
        0.5,
      ).toFixed(1);
    const names = Object.keys(measured[0]!) as (keyof (typeof measured)[0])[];
    console.log(key, Object.fromEntries(names.map(name => [name, median(name)])));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
