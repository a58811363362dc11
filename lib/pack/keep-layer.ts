import { link, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openArtifact } from '../artifact.ts';
import { LAYER_FOLDER, LAYER_ZIP } from '../contract/files.ts';
import { MANIFEST_FILE, type Manifest } from '../contract/manifest.ts';
import { checkNativeFiles } from '../native/check-artifact.ts';

/**
 * Links the layer of the artifact that `newDir` will replace into `newDir`, if it is the same and unmodified. Linking
 * tens of megabytes takes no time, unlike writing the new files and removing the old ones.
 * @returns whether the layer was linked
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
    // The manifest is written after the layer's files.
    const isTouched = found.some(
      ({ size, mtimeMs }, i) => mtimeMs > writtenMs || size !== (layer.files[i]?.sizeBytes ?? size),
    );
    if (isTouched) {
      return false;
    }
    // Disk errors and people can change a file without changing its time.
    await checkNativeFiles(join(oldDir, LAYER_FOLDER), layer.files);
    for (const path of paths) {
      await mkdir(dirname(join(newDir, path)), { recursive: true });
      await link(join(oldDir, path), join(newDir, path));
    }
    return true;
  } catch {
    // No earlier layer, a damaged one, or a file system without links: the cache also has the layer.
    await rm(join(newDir, LAYER_FOLDER), { recursive: true, force: true });
    return false;
  }
}
