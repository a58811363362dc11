import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FUNCTION_FOLDER } from '../contract/files.ts';
import { type FileEntry, MANIFEST_FILE } from '../contract/manifest.ts';
import { explainDiskFull } from '../disk-full.ts';
import { ColdpressError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import type { SourcedFile } from '../native/sourced-file.ts';
import { writeZip } from './zip.ts';

/** Lays files out as a folder and its zip: `DIR/NAME/` and `DIR/NAME.zip`. */
export async function writeTree(dir: string, name: string, files: readonly SourcedFile[]): Promise<void> {
  for (const file of files) {
    const path = join(dir, name, file.path);
    await mkdir(dirname(path), { recursive: true });
    await copyFile(file.source, path);
    await chmod(path, 0o644);
  }
  await writeZip(files, join(dir, `${name}.zip`));
}

/** What a manifest says of files: sorted, without where they come from. */
export function toEntries(files: readonly SourcedFile[]): FileEntry[] {
  const entries = files.map(({ path, sizeBytes, sha256, reason }) => ({ path, sizeBytes, sha256, reason }));
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Whether an artifact may be written to `outDir`: it is absent, empty, or an artifact of before.
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
 * Fills `outDir` whole or not at all: `write` fills a folder beside it, which then takes its name.
 * @throws ColdpressError OUTPUT_UNWRITABLE, DISK_FULL
 */
export async function replaceOutput(outDir: string, write: (dir: string) => Promise<void>): Promise<void> {
  const parent = dirname(outDir);
  let staged: string | undefined;
  try {
    await makeFolder(parent);
    staged = await mkdtemp(join(parent, `.${basename(outDir)}-`));
    await chmod(staged, 0o755);
    await write(staged);
    const old = `${staged}.old`;
    await rename(outDir, old).catch(ignoreMissing);
    await rename(staged, outDir);
    await rm(old, { recursive: true, force: true });
  } catch (error) {
    throw outputError(outDir, error);
  } finally {
    if (staged !== undefined) {
      await rm(staged, { recursive: true, force: true });
    }
  }
}

/** The archives of an artifact. */
export async function listZips(outDir: string): Promise<{ name: string; sizeBytes: number }[]> {
  const names = (await readdir(outDir)).filter(name => name.endsWith('.zip'));
  return Promise.all(names.map(async name => ({ name, sizeBytes: (await stat(join(outDir, name))).size })));
}

/** Copies a folder and its zip. */
export async function copyTree(from: string, to: string, name: string): Promise<void> {
  await cp(join(from, name), join(to, name), { recursive: true });
  await copyFile(join(from, `${name}.zip`), join(to, `${name}.zip`));
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') {
    throw error;
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
  return explainDiskFull(error, outDir);
}
