import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toBinaryEvent } from './binary-event.ts';

/** One row of the table: a model, its request, and the limit of its ratio to naive. */
export interface Case {
  name: string;
  title: string;
  disk: 'warm' | 'cold';
  atMost: { ratio: number; memory?: number };
  floor: number;
}

/** The result of building a case's model in a folder. */
export interface Built {
  model: string;
  event: string;
  /** Arguments for `coldpress pack`. */
  packArguments: string[];
}

const memory = 0.68;

export const cases: readonly Case[] = [
  { name: 'gbm', title: 'example GBM', disk: 'warm', atMost: { ratio: 0.85 }, floor: 0.8 },
  {
    name: 'resnet18',
    title: 'ResNet-18 shape, 47 MB',
    disk: 'warm',
    atMost: { ratio: 0.4, memory },
    floor: 0.3,
  },
  {
    name: 'resnet18',
    title: 'ResNet-18 shape, 47 MB',
    disk: 'cold',
    atMost: { ratio: 0.5, memory },
    floor: 0.3,
  },
  { name: 'encoder', title: 'encoder, 90 MB', disk: 'warm', atMost: { ratio: 0.44, memory }, floor: 0.33 },
  { name: 'encoder', title: 'encoder, 90 MB', disk: 'cold', atMost: { ratio: 0.44, memory }, floor: 0.33 },
  { name: 'gcf', title: 'example GBM on gcf', disk: 'warm', atMost: { ratio: 0.8 }, floor: 0.6 },
  {
    name: 'container',
    title: 'example GBM, compiled, in a container, to express',
    disk: 'warm',
    atMost: { ratio: 0.5 },
    floor: 0.35,
  },
  {
    name: 'container-onnxruntime',
    title: 'the same on ONNX Runtime',
    disk: 'warm',
    atMost: { ratio: 0.9 },
    floor: 0.5,
  },
];

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** Cases of the example, by how it is packed. */
const ofExample: Record<string, string[]> = {
  gbm: [],
  gcf: ['--target', 'gcf'],
  container: ['--target', 'container', '--engine', 'compiled'],
  'container-onnxruntime': ['--target', 'container', '--engine', 'onnxruntime'],
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
 * Packs a case's model into `out` as its user would: tuned for the first answer, or untuned. It uses a separate folder,
 * because the result of tuning is stored next to the config and reused from then on.
 */
export async function packCase(
  { packArguments }: Built,
  { cwd, out, tune }: { cwd: string; out: string; tune?: 'cold' },
): Promise<void> {
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
  const flags = ['--arch', arch, '--out', out, ...(tune === undefined ? [] : ['--tune', tune])];
  await run(process.execPath, [join(root, 'bin/coldpress.js'), 'pack', ...packArguments, ...flags], { cwd });
}
