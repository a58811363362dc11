import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGRAM_FILE, WEIGHTS_FILE } from '../../contract/files.ts';
import { type CompiledModel, compileModel } from '../compile/compile.ts';
import { NotCovered } from '../compile/not-covered.ts';
import type { ExternalFile } from '../external-data.ts';
import { type Rewriting, rewriteModel } from '../passes/index.ts';
import { type OnnxModel, readModel } from '../read.ts';
import type { CompileOptions } from './compile-options.ts';
import type { EngineLimits } from './engine-process.ts';
import { foldConstants } from './fold-constants.ts';
import type { Opened } from './press-native.ts';
import { proveCompiled } from './prove-compiled.ts';
import { writeCompiled } from './write-compiled.ts';

/** Whether the model was compiled, and why not if not. */
export type Compilation = { kind: 'compiled' } | { kind: 'refused'; error: NotCovered };

/**
 * Compiles the model into `outDir` and proves that the program gives the reference's answers. If it does not, the
 * output is removed.
 * @param path - the original model
 */
export async function compileProven(path: string, options: CompileOptions): Promise<Compilation> {
  const { outDir } = options;
  try {
    const compiled = await compileWhole(path, options);
    await writeCompiled(compiled, outDir);
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

/** The settings of a compiled model for the engine. */
export const compiledModel: Opened = {
  engine: { name: 'compiled' },
  model: { path: PROGRAM_FILE, session: {} },
};

/**
 * Compiles a model even if it was only read as an outline, without its weights.
 * @throws NotCovered
 */
export async function compileWhole(
  path: string,
  { external, limits }: { external: readonly ExternalFile[]; limits: EngineLimits },
): Promise<CompiledModel & { rewriting: Rewriting<OnnxModel> }> {
  const model = await readModel(path);
  if (model.format === 'ort') {
    throw new NotCovered('model', 'it is in ORT format, which only ONNX Runtime reads');
  }
  const rewriting = rewriteModel(model, { engine: 'compiled' });
  const folded = await foldConstants(rewriting.model, external, limits);
  return { rewriting, ...compileModel(rewriting.model, external, folded) };
}
