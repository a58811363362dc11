import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SOURCES_FILE } from './contract/files.ts';
import { hashFile } from './hash-file.ts';

/** A file that an artifact was packed from. */
export interface Source {
  /** Relative to the artifact, with forward slashes. */
  path: string;
  sizeBytes: number;
  /** Absent for very large files. */
  sha256?: string;
}

/**
 * The files that changed since the artifact in `dir` was packed from them. Missing files are ignored, because an
 * artifact may have been moved to another machine.
 * @returns absolute paths
 */
export async function findStale(dir: string): Promise<string[]> {
  const list = join(dir, SOURCES_FILE);
  const sources: Source[] = await readFile(list, 'utf8').then(JSON.parse, () => []);
  const packedAt = sources.length === 0 ? 0 : (await stat(list)).mtimeMs;
  const changed = await Promise.all(
    sources.map(async ({ path, sizeBytes, sha256 }) => {
      const file = resolve(dir, path);
      const found = await stat(file).catch(() => undefined);
      // A checkout changes the dates of files but not their content.
      const mayDiffer = found !== undefined && found.mtimeMs > packedAt;
      const differs =
        mayDiffer && (found.size !== sizeBytes || sha256 === undefined || (await hashFile(file)) !== sha256);
      return differs ? [file] : [];
    }),
  );
  return changed.flat();
}
