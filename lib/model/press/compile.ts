import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGRAM_FILE, WEIGHTS_FILE } from '../../contract/files.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import { compileModel } from '../compile/compile.ts';
import { NotCovered } from '../compile/not-covered.ts';
import type { ExternalFile } from '../external-data.ts';
import { rewriteModel } from '../passes/index.ts';
import { readModel } from '../read.ts';
import type { EngineLimits } from './engine-process.ts';
import { proveEqual, type Vector } from './prove.ts';

/** Whether the model was compiled, and why not if not. */
export type Compilation = { kind: 'compiled' } | { kind: 'refused'; error: NotCovered };

/** Far closer than an optimised graph must come: a kernel computes as the engine does, or it is wrong. */
const tolerance: Tolerance = { relative: 1e-6, absolute: 1e-7 };

/**
 * Compiles the model into `outDir` and proves that the program gives the reference's answers. Where it does not,
 * nothing of it stays.
 * @param path - the model as it was given
 */
export async function compileProven(
  path: string,
  {
    external,
    vectors,
    refusal,
    outDir,
    limits,
  }: {
    external: readonly ExternalFile[];
    vectors: Vector[];
    refusal: string;
    outDir: string;
    limits: EngineLimits;
  },
): Promise<Compilation> {
  try {
    await writeCompiled(path, external, outDir);
    if (vectors.length === 0) {
      throw new NotCovered('proof', `no random inputs were answered, so nothing could be proven: ${refusal}`);
    }
    const candidate = { engine: 'compiled', path: join(outDir, PROGRAM_FILE), options: {}, env: {} } as const;
    const failure = await proveEqual(candidate, vectors, { tolerance, limits });
    if (failure !== undefined) {
      throw new NotCovered('proof', failure);
    }
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

async function writeCompiled(path: string, external: readonly ExternalFile[], outDir: string): Promise<void> {
  // The model in hand may be an outline, without its weights.
  const { model } = rewriteModel(await readModel(path), { engine: 'compiled' });
  if (model.format === 'ort') {
    throw new NotCovered('model', 'it is in ORT format, which only ONNX Runtime reads');
  }
  const { program, weights } = compileModel(model, external);
  await writeFile(join(outDir, WEIGHTS_FILE), weights);
  await writeFile(join(outDir, PROGRAM_FILE), `${JSON.stringify(program)}\n`);
}
