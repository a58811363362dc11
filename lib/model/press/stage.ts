import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MODEL_FILE } from '../../contract/files.ts';
import type { ExternalFile } from '../external-data.ts';
import { type Rewriting, rewriteModel } from '../passes/index.ts';
import { type Model, readModel } from '../read.ts';
import { writeModel } from '../write.ts';
import { placesOf, relocateWeights } from './relocate-weights.ts';

/** A model on disk, and its weight files by the names that it uses for them. */
export interface Staged {
  path: string;
  external: ExternalFile[];
}

/**
 * Puts the rewritten model where the engine can open it: in `work`, with its external data next to it. If nothing was
 * rewritten, it returns the original model.
 */
export async function stageModel(
  { model, applied, facts }: Rewriting,
  external: ExternalFile[],
  work: string,
): Promise<Staged> {
  if (applied.length === 0 || model.format === 'ort') {
    return { path: model.path, external };
  }
  return writeStaged(rewriteModel(await readModel(model.path), facts).model, external, work);
}

/** Copies a model unchanged, with its weights, into a pressed folder. */
export async function copyModel({ path, external }: Staged, outDir: string): Promise<void> {
  if (external.length === 0) {
    await copyFile(path, join(outDir, MODEL_FILE));
    return;
  }
  await writeStaged(await readModel(path), external, outDir);
}

/** Writes a complete model, not an outline, with its weights next to it. */
export async function writeStaged(model: Model, external: ExternalFile[], dir: string): Promise<Staged> {
  const places = placesOf(external);
  const path = join(dir, MODEL_FILE);
  if (model.format === 'onnx') {
    relocateWeights(model.proto, places);
    await writeModel(model, path);
  }
  // Frees the memory now: garbage collection may not run before the engine needs as much.
  (model.bytes.buffer as ArrayBuffer).transfer(0);
  const staged = external.map(file => {
    const location = places.get(file.location)!;
    return { ...file, location, path: join(dir, location) };
  });
  for (const [index, file] of staged.entries()) {
    await copyFile(external[index]!.path, file.path, constants.COPYFILE_FICLONE);
  }
  return { path, external: staged };
}
