/**
 * Finds out from which size on ONNX Runtime's vector code saves more than its start costs: networks of increasing work
 * in both engines, from before the engine is loaded to the first answer, and later answers. CPU time, in fresh
 * processes, interleaved, medians.
 *
 *     node bench/engines/work.ts [--rounds 7] [--only Conv]
 */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build as bundle } from 'esbuild';
import { median } from 'simple-statistics';
import { pressModel } from '../../lib/index.ts';
import { writeModel } from '../../lib/model/write.ts';
import { builtins } from '../../lib/pack/builtins-plugin.ts';
import { makeTemporaryFolder } from '../../lib/temporary-folder.ts';
import type { Answers } from './work/answer-once.ts';
import { type Net, nets } from './work/nets.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, only: { type: 'string', default: '' } },
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
    for (const size of net.sizes) {
      console.log(await measure(net, size));
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
  const work = `${(net.work(size) / 1e6).toFixed(0)} M`;
  return `| ${net.name} | ${work} | ${pair(compiled!.cold, native!.cold)} | ${pair(compiled!.warm, native!.warm)} |`;
}
