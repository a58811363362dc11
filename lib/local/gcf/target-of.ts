import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FUNCTION_FOLDER } from '../../contract/files.ts';
import { MANIFEST_FILE, type Manifest, parseManifest } from '../../contract/manifest.ts';

/** The manifest of a gcf artifact; `undefined` for any other folder, of which others know what to say. */
export async function gcfManifest(dir: string): Promise<Manifest | undefined> {
  try {
    const manifest = parseManifest(await readFile(join(dir, FUNCTION_FOLDER, MANIFEST_FILE), 'utf8'));
    return manifest.target === 'gcf' ? manifest : undefined;
  } catch {
    return undefined;
  }
}
