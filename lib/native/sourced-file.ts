import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FileEntry } from '../contract/manifest.ts';

/** A file to be added to an artifact: its entry in the manifest, and where its contents are now. */
export interface SourcedFile extends FileEntry {
  /** Absolute path. */
  source: string;
}

/** Describes a file; `path` is its path in the artifact. Pass `bytes` if already in memory, to avoid another read. */
export function sourcedFile(
  source: string,
  { path, reason, bytes = readFileSync(source) }: { path: string; reason: string; bytes?: Buffer },
): SourcedFile {
  return {
    path,
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    reason,
    source,
  };
}

/** Returns the files with their paths moved into a folder of the artifact. */
export function inFolder(folder: string, files: SourcedFile[]): SourcedFile[] {
  return files.map(file => ({ ...file, path: `${folder}/${file.path}` }));
}
