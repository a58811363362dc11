import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FileEntry } from '../contract/manifest.ts';

/** A file on its way into an artifact: what the manifest says of it, and where its bytes are now. */
export interface SourcedFile extends FileEntry {
  /** Absolute path. */
  source: string;
}

/** Describes a file; `path` is its place in the artifact. `bytes` spares a second read of what is already in memory. */
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

/** The same files under a folder of the artifact. */
export function inFolder(folder: string, files: SourcedFile[]): SourcedFile[] {
  return files.map(file => ({ ...file, path: `${folder}/${file.path}` }));
}
