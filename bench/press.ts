/**
 * The benefit of pressing a model with weights: open and first inference, warm inference and peak memory, compared with
 * onnxruntime-node's defaults, in fresh processes, interleaved. `node bench/press.ts [--rounds N] [--only MODEL]`
 */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build as bundle } from 'esbuild';
import { median } from 'simple-statistics';
import { pressModel } from '../lib/index.ts';
import { writeModel } from '../lib/model/write.ts';
import { builtins } from '../lib/pack/builtins-plugin.ts';
import { encoder } from './models/encoder.ts';
import { imageInputs, sentenceInputs } from './models/events.ts';
import { resnet18 } from './models/resnet18.ts';
import type { Opening } from './press/open-once.ts';

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, only: { type: 'string' } },
});
const run = promisify(execFile);
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
const models = { resnet18: [resnet18, imageInputs], encoder: [encoder, sentenceInputs] } as const;
// Compiled to JavaScript, like a function: stripping types would take longer than opening.
const script = resolve('build/bench/press/open-once.mjs');
await bundle({
  entryPoints: [join(import.meta.dirname, 'press/open-once.ts')],
  outfile: script,
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['onnxruntime-node'],
  plugins: [builtins()],
});
const tunings = [undefined, 'cold', 'warm', 'balanced'] as const;

for (const [name, [build, inputs]] of Object.entries(models)) {
  if (flags.only !== undefined && flags.only !== name) {
    continue;
  }
  const dir = resolve('build/bench/press', name);
  await mkdir(dir, { recursive: true });
  const model = join(dir, `${name}.onnx`);
  const request = join(dir, 'request.json');
  await writeModel({ proto: build(1) }, model);
  await writeFile(request, JSON.stringify({ inputs: inputs(1) }));

  const variants = [{ variant: 'onnxruntime-node', arguments: ['default', model] }];
  for (const tune of tunings) {
    const outDir = join(dir, tune ?? 'static');
    await pressModel(model, { outDir, arch, ...(tune && { tune }) });
    variants.push({
      variant: tune === undefined ? 'pressed' : `--tune ${tune}`,
      arguments: ['pressed', outDir],
    });
  }
  const openings = await interleave(
    variants.map(variant => variant.arguments),
    request,
  );
  console.log(`\n${name}, medians of ${flags.rounds} fresh processes each; ratios are paired by round`);
  console.table(
    variants.map(({ variant }, index) => ({ variant, ...summarise(openings[index]!, openings[0]!) })),
  );
}

async function interleave(commands: string[][], request: string): Promise<Opening[][]> {
  const openings: Opening[][] = commands.map(() => []);
  for (let round = 0; round < Number(flags.rounds); round++) {
    for (const [index, command] of commands.entries()) {
      const { stdout } = await run(process.execPath, [script, ...command, request]);
      openings[index]!.push(JSON.parse(stdout));
    }
  }
  return openings;
}

function summarise(own: readonly Opening[], base: readonly Opening[]): Record<string, number> {
  const total = ({ openMs, firstMs }: Opening) => openMs + firstMs;
  const warm = ({ warmMs }: Opening) => median(warmMs);
  const ratio = (of: (opening: Opening) => number) =>
    round(median(own.map((opening, index) => of(opening) / of(base[index]!))));
  return {
    openMs: round(median(own.map(({ openMs }) => openMs))),
    firstMs: round(median(own.map(({ firstMs }) => firstMs))),
    openAndFirst: ratio(total),
    warmMs: round(median(own.map(warm))),
    warm: ratio(warm),
    peakMemory: ratio(({ peakMemoryMb }) => peakMemoryMb),
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
