import { link, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openArtifact } from '../artifact.ts';
import { LAYER_FOLDER, LAYER_ZIP } from '../contract/files.ts';
import { MANIFEST_FILE, type Manifest } from '../contract/manifest.ts';
import { checkNativeFiles } from '../native/check-artifact.ts';

/**
 * Gives `newDir` the layer of the artifact that it will replace, where that is the same and was not touched: the files
 * of tens of megabytes are linked, which takes no time, in place of being written and the old ones removed.
 * @returns whether it did
 */
export async function keepLayer(
  oldDir: string,
  newDir: string,
  layer: NonNullable<Manifest['layer']>,
): Promise<boolean> {
  try {
    const { manifest, functionDir } = openArtifact(oldDir);
    const { mtimeMs: writtenMs } = await stat(join(functionDir, MANIFEST_FILE));
    if (!isDeepStrictEqual(manifest.layer, layer)) {
      return false;
    }
    const paths = [...layer.files.map(file => join(LAYER_FOLDER, file.path)), LAYER_ZIP];
    const found = await Promise.all(paths.map(path => stat(join(oldDir, path))));
    // The manifest is written after them.
    const isTouched = found.some(
      ({ size, mtimeMs }, i) => mtimeMs > writtenMs || size !== (layer.files[i]?.sizeBytes ?? size),
    );
    if (isTouched) {
      return false;
    }
    // Disks and people change a file without changing its time.
    await checkNativeFiles(join(oldDir, LAYER_FOLDER), layer.files);
    for (const path of paths) {
      await mkdir(dirname(join(newDir, path)), { recursive: true });
      await link(join(oldDir, path), join(newDir, path));
    }
    return true;
  } catch {
    // None of before, one that is damaged, or a disk without links: the cache has it, too.
    await rm(join(newDir, LAYER_FOLDER), { recursive: true, force: true });
    return false;
  }
}
