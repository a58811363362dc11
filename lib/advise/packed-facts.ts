import { MODEL_FOLDER } from '../contract/files.ts';
import type { FileEntry, PressedManifest } from '../contract/manifest.ts';
import type { Given } from './situation.ts';

/** The facts that packing decides: the engine, and the sizes that the memory follows from. */
export function packedFacts({
  engine,
  model,
  files,
}: Pick<PressedManifest, 'engine' | 'model'> & {
  /** Files of the function; others than those of the model do not count. */
  files: readonly Pick<FileEntry, 'path' | 'sizeBytes'>[];
}) {
  const stored = files.filter(({ path }) => path.startsWith(`${MODEL_FOLDER}/`));
  return {
    engine: engine.name,
    modelBytes: model.sizeBytes,
    storedBytes: stored.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  } satisfies Given;
}
