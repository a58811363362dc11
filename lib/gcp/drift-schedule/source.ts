import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILE } from '../../contract/manifest.ts';
import { PROFILE_FILE } from '../../contract/profile.ts';
import { bundleOwnHandler } from '../../pack/own-handler.ts';
import { writeZip } from '../../pack/zip.ts';

/** Files for the buildpack that are the same as in the model's own function, and are copied from there. */
const isCarried = (path: string) =>
  ['package.json', 'package-lock.json', '.npmrc', '.gcloudignore', PROFILE_FILE, MANIFEST_FILE].includes(
    path,
  ) || path.startsWith('functions-framework/');

/** Writes the source of the drift function. @param functionDir - the model's packed function */
export async function writeDriftSource(functionDir: string, out: string): Promise<void> {
  const files = readdirSync(functionDir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      join(entry.parentPath, entry.name)
        .slice(functionDir.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter(isCarried);
  await writeZip(
    [
      ...files.map(path => ({ path, source: join(functionDir, path) })),
      { path: 'index.mjs', contents: bundleOwnHandler('drift/gcf') },
    ],
    out,
  );
}
