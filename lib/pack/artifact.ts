import { existsSync } from 'node:fs';
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ColdpressError } from '../errors.ts';
import { MANIFEST_FILE, type Manifest } from '../manifest.ts';
import type { NativeLayer } from './native/layer.ts';
import type { SourcedFile } from './native/sourced-file.ts';
import { writeZip } from './zip.ts';

/** The function's folder and its zip: `DIR/function/`, `DIR/function.zip`. */
export async function writeFunction(dir: string, manifest: Manifest, contents: SourcedFile[]): Promise<void> {
  await copyFiles(join(dir, 'function'), contents);
  const manifestPath = join(dir, 'function', MANIFEST_FILE);
  await writeFile(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o644 });
  await writeZip([...contents, { path: MANIFEST_FILE, source: manifestPath }], join(dir, 'function.zip'));
}

/** The layer's folder and its zip: `DIR/layer/`, `DIR/layer.zip`. */
export async function writeLayer(dir: string, layer: NativeLayer): Promise<void> {
  await copyFiles(join(dir, 'layer'), layer.files);
  await writeZip(layer.files, join(dir, 'layer.zip'));
}

async function copyFiles(dir: string, files: SourcedFile[]): Promise<void> {
  for (const file of files) {
    const path = join(dir, file.path);
    await mkdir(dirname(path), { recursive: true });
    await copyFile(file.source, path);
    await chmod(path, 0o644);
  }
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
  if (names.length > 0 && !existsSync(join(outDir, 'function', MANIFEST_FILE))) {
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
    await mkdir(parent, { recursive: true });
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

/** Copies the entries of a folder of the cache. */
export async function copyEntries(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') {
    throw error;
  }
}

function outputError(outDir: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new ColdpressError('DISK_FULL', `the disk of ${outDir} is full; nothing was left there`, {
      hint: 'free some space, or choose another folder with --out',
      cause: error,
    });
  }
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(code ?? '')) {
    return new ColdpressError('OUTPUT_UNWRITABLE', `${outDir} cannot be written (${code})`, {
      hint: 'choose another folder with --out',
      cause: error,
    });
  }
  return error;
}
