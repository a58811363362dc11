import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { FUNCTION_FOLDER, LAYER_FOLDER } from '../contract/files.ts';
import { writeZip } from '../pack/zip.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import type { VariantFacts } from './sample.ts';

/** Size of an artifact in bytes: unpacked, and zipped for deployment. */
export async function measureSize(dir: string): Promise<VariantFacts['sizes']> {
  let [diskBytes, zippedBytes] = [0, 0];
  for (const part of [FUNCTION_FOLDER, LAYER_FOLDER]) {
    const folder = join(dir, part);
    if (existsSync(folder)) {
      const files = await listFiles(folder);
      diskBytes += files.reduce((sum, file) => sum + file.sizeBytes, 0);
      const zip = `${folder}.zip`;
      zippedBytes += existsSync(zip) ? (await stat(zip)).size : await zippedSize(folder, files);
    }
  }
  return { diskBytes, zippedBytes };
}

interface SizedFile {
  path: string;
  sizeBytes: number;
}

async function listFiles(folder: string): Promise<SizedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async path => ({ path, sizeBytes: (await stat(path)).size })));
}

async function zippedSize(folder: string, files: SizedFile[]): Promise<number> {
  const scratch = await makeTemporaryFolder({ purpose: 'zip' });
  try {
    const inputs = files.map(({ path }) => ({
      source: path,
      path: relative(folder, path).replaceAll(sep, '/'),
    }));
    return await writeZip(inputs, join(scratch, 'a.zip'));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
