import { readFile, rm } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROGRAM_FILE, WEIGHTS_FILE } from '../../contract/files.ts';
import type { Signature } from '../../contract/manifest.ts';
import type { Program } from '../../contract/program.ts';
import { makeFolder } from '../../make-folder.ts';
import { usedKernels } from '../../model/compile/used-kernels.ts';
import { isDeclaration } from '../../model/declarations/file.ts';
import { modelNameOf } from '../../model/model-name.ts';
import { pressModel } from '../../model/press/press.ts';
import type { SamplesOptions } from '../../model/samples/run.ts';
import { checkOutputFile } from '../../output-file.ts';
import { makeTemporaryFolder } from '../../temporary-folder.ts';
import { loadEsbuild } from '../../vendored.ts';
import { writeWhole } from '../../write-whole.ts';
import { readersOf, usedParts } from '../used-plugin.ts';
import { declareModule } from './declaration.ts';

export interface CompileModuleOptions {
  /** Created if it does not exist. */
  outDir: string;
  /** Embeds the weights in the module, in base64. @default false: `model.bin` next to it */
  inline?: boolean;
  /** @default the model file's name */
  name?: string;
  /** Real inputs on which the compiled model is also compared. @default none */
  samples?: SamplesOptions | undefined;
  /** Called with the name of each step as it begins. */
  onProgress?: (step: string) => void;
  signal?: AbortSignal;
}

export interface CompiledModule {
  signature: Signature;
  /** What was written to `outDir`. */
  files: { name: string; sizeBytes: number }[];
}

const ending = extname(import.meta.url);
const own = (path: string) => fileURLToPath(new URL(`../../../${path}${ending}`, import.meta.url));

/**
 * Compiles a model to an ES module that imports nothing and uses no Node API. It runs in Node, Bun, Deno, workers and
 * browsers.
 * @throws ColdpressError NOT_COMPILABLE, and the errors of `checkOutputFile` and `pressModel`
 */
export async function compileModule(path: string, options: CompileModuleOptions): Promise<CompiledModule> {
  const { outDir, inline = false, name = modelNameOf(basename(path)), samples, onProgress, signal } = options;
  const files = inline ? ['model.mjs', 'model.d.mts'] : ['model.mjs', 'model.d.mts', 'model.bin'];
  for (const file of files) {
    await checkOutputFile(join(outDir, file), {
      option: '--out',
      inputs: [path, samples?.path],
      isOwn: () => isModuleFolder(outDir),
    });
  }
  const work = await makeTemporaryFolder({ purpose: 'compile' });
  try {
    const pressed = join(work, 'pressed');
    const { manifest } = await pressModel(path, {
      outDir: pressed,
      arch: 'x64',
      engine: 'compiled',
      ...(samples && { samples }),
      ...(onProgress && { onProgress }),
      signal,
    });
    onProgress?.('writing the module');
    const program: Program = JSON.parse(await readFile(join(pressed, PROGRAM_FILE), 'utf8'));
    const weights = await readFile(join(pressed, WEIGHTS_FILE));
    const model = {
      name,
      version: manifest.model.sha256.slice(0, 12),
      signature: manifest.signature,
      program: { ...program, weights: { ...program.weights, path: 'model.bin' } },
    };
    const code = await bundleModule(model, inline ? weights.toString('base64') : undefined);
    const written: [name: string, content: string | Uint8Array][] = [
      ['model.mjs', code],
      ['model.d.mts', declareModule(manifest.signature, basename(path), inline)],
      ...(inline ? [] : [['model.bin', weights] satisfies [string, Uint8Array]]),
    ];
    await makeFolder(outDir);
    for (const [file, content] of written) {
      await writeWhole(join(outDir, file), content);
    }
    return {
      signature: manifest.signature,
      files: written.map(([file, content]) => ({ name: file, sizeBytes: Buffer.byteLength(content) })),
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Whether coldpress wrote a module to a folder before; its declaration says so. */
async function isModuleFolder(dir: string): Promise<boolean> {
  return isDeclaration(await readFile(join(dir, 'model.d.mts'), 'utf8').catch(() => ''));
}

async function bundleModule(
  model: { program: Program; signature: Signature },
  inlineWeights: string | undefined,
): Promise<string> {
  const { build } = loadEsbuild();
  const { outputFiles } = await build({
    entryPoints: [own('handlers/module')],
    write: false,
    bundle: true,
    platform: 'neutral',
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    plugins: [
      {
        name: 'coldpress-model',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^#model$/ }, () => ({ path: 'model', namespace: 'model' }));
          onLoad({ filter: /.*/, namespace: 'model' }, () => ({
            contents: `export const model = ${JSON.stringify(model)};\nexport const inlineWeights = ${JSON.stringify(inlineWeights)};`,
          }));
        },
      },
      usedParts({
        engine: 'compiled',
        kernels: usedKernels(model.program),
        readers: readersOf(model.signature),
        foresees: false,
      }),
    ],
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}
