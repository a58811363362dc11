import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGRAM_FILE, WEIGHTS_FILE } from '../../contract/files.ts';
import { type Compiled, compileModel } from '../compile/compile.ts';
import { NotCovered } from '../compile/not-covered.ts';
import type { ExternalFile } from '../external-data.ts';
import { rewriteModel } from '../passes/index.ts';
import { readModel } from '../read.ts';
import type { CompileOptions } from './compile-options.ts';
import { proveCompiled } from './prove-compiled.ts';

/** Whether the model was compiled, and why not if not. */
export type Compilation = { kind: 'compiled' } | { kind: 'refused'; error: NotCovered };

/**
 * Compiles the model into `outDir` and proves that the program gives the reference's answers. Where it does not,
 * nothing of it stays.
 * @param path - the model as it was given
 */
export async function compileProven(path: string, options: CompileOptions): Promise<Compilation> {
  const { outDir, external } = options;
  try {
    const compiled = await compileWhole(path, external);
    await writeFile(join(outDir, WEIGHTS_FILE), compiled.weights);
    await writeFile(join(outDir, PROGRAM_FILE), `${JSON.stringify(compiled.program)}\n`);
    await proveCompiled(compiled, options);
    return { kind: 'compiled' };
  } catch (error) {
    await rm(join(outDir, PROGRAM_FILE), { force: true });
    await rm(join(outDir, WEIGHTS_FILE), { force: true });
    if (error instanceof NotCovered) {
      return { kind: 'refused', error };
    }
    throw error;
  }
}

async function compileWhole(path: string, external: readonly ExternalFile[]): Promise<Compiled> {
  // The model in hand may be an outline, without its weights.
  const { model } = rewriteModel(await readModel(path), { engine: 'compiled' });
  if (model.format === 'ort') {
    throw new NotCovered('model', 'it is in ORT format, which only ONNX Runtime reads');
  }
  return compileModel(model, external);
}
