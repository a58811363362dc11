import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Claim, claim } from '../claim.ts';
import { FUNCTION_FOLDER } from '../contract/files.ts';
import { type FileEntry, MANIFEST_FILE } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import type { SourcedFile } from '../native/sourced-file.ts';
import { finishSwap, placesOf } from '../swap-folder.ts';
import { explainSystemError } from '../system-error.ts';
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

/**
 * Whether an artifact may be written to `outDir`: it is absent, empty, or an earlier artifact.
 * @throws ColdpressError OUTPUT_NOT_EMPTY
 */
export async function checkOutput(outDir: string): Promise<void> {
  const names = await readdir(outDir).catch(error => {
    if (error.code === 'ENOENT') {
      return [];
    }
    throw outputError(outDir, error);
  });
  if (names.length > 0 && !existsSync(join(outDir, FUNCTION_FOLDER, MANIFEST_FILE))) {
    throw new ColdpressError('OUTPUT_NOT_EMPTY', `${outDir} holds files that are not a coldpress artifact`, {
      hint: 'choose another folder with --out, or empty this one',
    });
  }
}

/**
 * Fills `outDir` completely or not at all: `write` fills a folder next to it, which then takes its name. If the process
 * is killed, the folder is old or new, or the next process that packs to it or opens it makes it one of the two.
 * @throws ColdpressError OUTPUT_UNWRITABLE, DISK_FULL
 */
export async function replaceOutput(outDir: string, write: (dir: string) => Promise<void>): Promise<void> {
  const { partial, next, claim: claimPath } = placesOf(outDir);
  let claimed: Claim | undefined;
  try {
    await makeFolder(dirname(outDir));
    claimed = await claim(claimPath);
    await rm(partial, { recursive: true, force: true });
    finishSwap(outDir);
    await mkdir(partial);
    await write(partial);
    await rename(partial, next);
    finishSwap(outDir);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    await undoSwap(outDir);
    throw outputError(outDir, error);
  } finally {
    await claimed?.release();
  }
}

/** Restores the old state after a failure, for example if another program keeps the folder open. */
async function undoSwap(outDir: string): Promise<void> {
  await rm(placesOf(outDir).next, { recursive: true, force: true }).catch(() => {});
  try {
    finishSwap(outDir);
  } catch {
    // The failure itself is reported.
  }
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

function outputError(outDir: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'ENAMETOOLONG', 'EBUSY'].includes(code ?? '')) {
    return new ColdpressError('OUTPUT_UNWRITABLE', `${outDir} cannot be written (${code})`, {
      hint: 'choose another folder with --out',
      cause: error,
    });
  }
  return explainSystemError(error, outDir);
}
