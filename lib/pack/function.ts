import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FUNCTION_FOLDER } from '../contract/files.ts';
import { MANIFEST_FILE, type Manifest } from '../contract/manifest.ts';
import { type SourcedFile, sourcedFile } from '../native/sourced-file.ts';
import type { Target } from '../targets/target.ts';
import { writeTree } from './artifact.ts';
import { cached } from './cache.ts';

/**
 * Builds the function's folder and zip, once per content: the manifest has the hash of every file.
 * @returns the folder that contains `function/` and, if the target uploads a zip, `function.zip`
 */
export function functionOnce(
  manifest: Manifest,
  { contents, archive }: { contents: SourcedFile[]; archive: Target['archive'] },
  cacheDir: string,
): Promise<{ dir: string }> {
  return cached(cacheDir, { kind: 'function', manifest }, async dir => {
    await mkdir(dir, { recursive: true });
    const source = join(dir, MANIFEST_FILE);
    await writeFile(source, JSON.stringify(manifest));
    const entry = sourcedFile(source, { path: MANIFEST_FILE, reason: 'the manifest' });
    await writeTree(dir, FUNCTION_FOLDER, { files: [...contents, entry], archive });
  });
}
