import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toBinaryEvent } from './binary-event.ts';

/** A way to pack a model, with its name in the table. */
export interface Packing {
  name: string;
  flags: readonly string[];
}

/** One row of the table: a model, its request, how it is packed, and the limits that it has to keep. */
export interface Case {
  name: string;
  title: string;
  disk: 'warm' | 'cold';
  /** The first one is compared with the limits and shown in the picture. */
  packings: readonly [Packing, Packing];
  atMost: { ratio: number; memory?: number };
}

/** The result of building a case's model in a folder. */
export interface Built {
  model: string;
  event: string;
  /** Arguments for `coldpress pack`, whatever the packing. */
  packArguments: string[];
}

const memory = 0.68;
const untuned: Packing = { name: 'without --tune', flags: [] };
const tuned: Packing = { name: '--tune cold', flags: ['--tune', 'cold'] };
const native: Packing = { name: '--engine onnxruntime', flags: ['--engine', 'onnxruntime', ...tuned.flags] };
const byDefault: Packing = { name: 'by default', flags: [] };
/** `auto` compiles these. */
const classical = [byDefault, native] as const;
/** `auto` chooses ONNX Runtime for these. */
const networks = [tuned, untuned] as const;

const resnet18 = { name: 'resnet18', title: 'ResNet-18 shape, 47 MB', packings: networks };
const encoder = { name: 'encoder', title: 'encoder, 90 MB', packings: networks };

export const cases: readonly Case[] = [
  {
    name: 'gbm',
    title: 'example GBM, 52 KB',
    disk: 'warm',
    packings: classical,
    atMost: { ratio: 0.62 },
  },
  {
    name: 'forest',
    title: 'random forest, 22 MB',
    disk: 'warm',
    packings: classical,
    atMost: { ratio: 0.08 },
  },
  { ...resnet18, disk: 'warm', atMost: { ratio: 0.4, memory } },
  { ...resnet18, disk: 'cold', atMost: { ratio: 0.5, memory } },
  { ...encoder, disk: 'warm', atMost: { ratio: 0.44, memory } },
  { ...encoder, disk: 'cold', atMost: { ratio: 0.44, memory } },
  {
    name: 'gcf',
    title: 'example GBM on Google',
    disk: 'warm',
    packings: classical,
    atMost: { ratio: 0.8 },
  },
  {
    name: 'container',
    title: 'example GBM in a container, to express',
    disk: 'warm',
    packings: classical,
    atMost: { ratio: 0.5 },
  },
];

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** The targets of the cases with the example. */
const ofExample: Record<string, string[]> = {
  gbm: [],
  gcf: ['--target', 'gcf'],
  container: ['--target', 'container'],
};

/** Builds a case's model and event in `dir`. */
export async function buildModel(name: string, dir: string): Promise<Built> {
  await mkdir(dir, { recursive: true });
  const exampleFlags = ofExample[name];
  if (exampleFlags !== undefined) {
    const example = join(root, 'examples/breast-cancer');
    await cp(example, dir, { recursive: true });
    const event = await readFile(join(dir, 'event.json'), 'utf8');
    return {
      model: join(dir, 'model.onnx'),
      event,
      packArguments: ['--config', 'coldpress.config.ts', ...exampleFlags],
    };
  }
  const model = join(dir, `${name}.onnx`);
  const file = join(dir, 'event.json');
  const generate = join(root, 'bench/models/generate.ts');
  await run(process.execPath, [generate, name, '--out', model, '--event', file]);
  const event = JSON.parse(await readFile(file, 'utf8'));
  // An image as JSON numbers takes longer to parse than to score.
  const asked = name === 'resnet18' ? toBinaryEvent(event) : event;
  await writeFile(file, JSON.stringify(asked));
  return { model, event: JSON.stringify(asked), packArguments: [model] };
}

/**
 * Packs a case's model into `out` as its user would. Each packing has a separate folder, because the result of tuning is
 * stored next to the config and reused from then on.
 */
export async function packCase(
  { packArguments }: Built,
  { cwd, out, packing }: { cwd: string; out: string; packing: Packing },
): Promise<void> {
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
  const flags = ['--arch', arch, '--out', out, ...packing.flags];
  await run(process.execPath, [join(root, 'bin/coldpress.js'), 'pack', ...packArguments, ...flags], { cwd });
}
