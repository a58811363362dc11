/**
 * Finds out from which size on ONNX Runtime's vector code saves more than its start costs: networks of increasing work
 * in both engines, from before the engine is loaded to the first answer, and later answers. CPU time, with one thread
 * each, in fresh processes, interleaved, medians. `--edges` measures just below and just above the bound of `auto`
 * instead, and fails if `auto` does not choose accordingly.
 *
 *     node bench/engines/work.ts [--rounds 7] [--only Conv] [--sizes 90,164] [--edges]
 */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build as bundle } from 'esbuild';
import { median } from 'simple-statistics';
import { MANIFEST_FILE, type PressedManifest } from '../../lib/contract/manifest.ts';
import { pressModel } from '../../lib/index.ts';
import { writeModel } from '../../lib/model/write.ts';
import { builtins } from '../../lib/pack/builtins-plugin.ts';
import { makeTemporaryFolder } from '../../lib/temporary-folder.ts';
import type { Answers } from './work/answer-once.ts';
import { type Net, nets } from './work/nets.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    only: { type: 'string', default: '' },
    edges: { type: 'boolean', default: false },
    sizes: { type: 'string' },
  },
});
const engines = ['compiled', 'onnxruntime'] as const;
const run = promisify(execFile);
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
const dir = await makeTemporaryFolder({ purpose: 'work' });
const script = join(import.meta.dirname, '../../build/bench/answer-once.mjs');
try {
  await bundle({
    entryPoints: [join(import.meta.dirname, 'work/answer-once.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['onnxruntime-node'],
    plugins: [builtins()],
  });
  console.log(
    '| net | multiply-adds | cold, compiled | ONNX Runtime | ratio | warm, compiled | ONNX Runtime | ratio |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const net of nets.filter(({ name }) => name.includes(values.only))) {
    const sizes = values.edges ? (net.edges ?? []) : (values.sizes?.split(',').map(Number) ?? net.sizes);
    for (const size of sizes) {
      console.log(await measure(net, size));
    }
    for (const [index, size] of values.edges ? sizes.entries() : []) {
      await checkChoice(net, size, engines[index]!);
    }
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}

async function measure(net: Net, size: number): Promise<string> {
  const path = join(dir, 'model.onnx');
  await writeModel({ proto: net.build(size) }, path);
  const folders = engines.map(engine => join(dir, engine));
  for (const [index, engine] of engines.entries()) {
    await pressModel(path, { outDir: folders[index]!, arch, engine });
    useOneThread(folders[index]!);
  }
  const answers: Answers[][] = engines.map(() => []);
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [index, folder] of folders.entries()) {
      const { stdout } = await run(process.execPath, [script, folder, net.shape(size).join()]);
      answers[index]!.push(JSON.parse(stdout));
    }
  }
  for (const folder of folders) {
    rmSync(folder, { recursive: true });
  }
  const [compiled, native] = answers.map(rounds => ({
    cold: median(rounds.map(({ coldMs }) => coldMs)),
    warm: median(rounds.flatMap(({ warmMs }) => warmMs)),
  }));
  const pair = (a: number, b: number) => `${a.toFixed(1)} ms | ${b.toFixed(1)} ms | ${(a / b).toFixed(2)}`;
  const work = `${(net.work(size) / 1e6).toFixed(values.edges ? 1 : 0)} M`;
  return `| ${net.name} | ${work} | ${pair(compiled!.cold, native!.cold)} | ${pair(compiled!.warm, native!.warm)} |`;
}

/** Threads that wait for work would count as CPU time. */
function useOneThread(folder: string): void {
  const path = join(folder, MANIFEST_FILE);
  const manifest: PressedManifest = JSON.parse(readFileSync(path, 'utf8'));
  Object.assign(manifest.model.session, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  writeFileSync(path, JSON.stringify(manifest));
}

/** The first edge is just below the bound, so `auto` compiles it; the second is above. */
async function checkChoice(net: Net, size: number, expected: (typeof engines)[number]): Promise<void> {
  const path = join(dir, 'model.onnx');
  const outDir = join(dir, 'auto');
  await writeModel({ proto: net.build(size) }, path);
  const { manifest, notCompiled } = await pressModel(path, { outDir, arch, engine: 'auto' });
  rmSync(outDir, { recursive: true });
  if (manifest.engine.name !== expected) {
    throw new Error(`auto chose ${manifest.engine.name} for ${net.name}, size ${size}: ${notCompiled}`);
  }
  console.error(`auto, ${net.name}, size ${size}: ${manifest.engine.name}`);
}
