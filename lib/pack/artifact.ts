import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileEntry } from '../contract/manifest.ts';
import type { SourcedFile } from '../native/sourced-file.ts';
import type { Target } from '../targets/target.ts';
import { writeZip } from './zip.ts';

/** Writes files to the folder `DIR/NAME/` and, if the target uploads an archive, to the zip `DIR/NAME.zip`. */
export async function writeTree(
  dir: string,
  name: string,
  { files, archive }: { files: readonly SourcedFile[]; archive: Target['archive'] },
): Promise<void> {
  for (const file of files) {
    const path = join(dir, name, file.path);
    await mkdir(dirname(path), { recursive: true });
    await copyFile(file.source, path);
    await chmod(path, 0o644);
  }
  if (archive === 'zip') {
    await writeZip(files, join(dir, `${name}.zip`));
  }
}

/** The entries of files in a manifest: sorted, and without their sources. */
export function toEntries(files: readonly SourcedFile[]): FileEntry[] {
  const entries = files.map(({ source: _, ...entry }) => entry);
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The archives of an artifact. */
export async function listZips(outDir: string): Promise<{ name: string; sizeBytes: number }[]> {
  const names = (await readdir(outDir)).filter(name => name.endsWith('.zip'));
  return Promise.all(names.map(async name => ({ name, sizeBytes: (await stat(join(outDir, name))).size })));
}

/** Copies a folder and its zip, if it has one. */
export async function copyTree(from: string, to: string, name: string): Promise<void> {
  await cp(join(from, name), join(to, name), { recursive: true });
  const zip = `${name}.zip`;
  if (existsSync(join(from, zip))) {
    await copyFile(join(from, zip), join(to, zip));
  }
}
