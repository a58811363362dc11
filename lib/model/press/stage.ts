import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MODEL_FILE } from '../../contract/files.ts';
import type { ExternalFile } from '../external-data.ts';
import { type Rewriting, rewriteModel } from '../passes/index.ts';
import { readModel } from '../read.ts';
import { writeModel } from '../write.ts';

/**
 * The path from which the engine opens the rewritten model: a file in `work`, its external data beside it, or the
 * model as it was given, where nothing was rewritten.
 */
export async function stageModel(
  { model, applied, facts }: Rewriting,
  external: readonly ExternalFile[],
  work: string,
): Promise<string> {
  if (applied.length === 0 || model.format === 'ort') {
    return model.path;
  }
  const path = join(work, MODEL_FILE);
  // The model in hand may be an outline, without its weights.
  const whole = await readModel(model.path);
  const { model: rewritten } = rewriteModel(whole, facts);
  if (rewritten.format === 'onnx') {
    await writeModel(rewritten, path);
  }
  // Given back at once: the collector may not run before the engine needs as much.
  (whole.bytes.buffer as ArrayBuffer).transfer(0);
  await copyExternal(external, work);
  return path;
}

/** Copies a model and its external data into a pressed folder. */
export async function copyModel(
  path: string,
  external: readonly ExternalFile[],
  outDir: string,
): Promise<void> {
  await copyFile(path, join(outDir, MODEL_FILE));
  await copyExternal(external, outDir);
}

async function copyExternal(external: readonly ExternalFile[], dir: string): Promise<void> {
  for (const { location, path } of external) {
    const copy = join(dir, location);
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(path, copy, constants.COPYFILE_FICLONE);
  }
}
