import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE } from '../../contract/manifest.ts';
import type { Column } from '../../runtime/files/types.ts';
import type { Place } from './split-file.ts';

/** The progress of scoring a file. */
export interface Checkpoint {
  /** Identifies the function and outputs. With others, the checkpoint is invalid. */
  function: string;
  /** SHA-256 of the input up to `next`. If the file changed, the checkpoint is invalid. */
  inputSha256: string;
  /** Where the next range begins. */
  next: Place;
  /** Bytes that are written for certain; any bytes after them are written again. */
  resultsBytes: number;
  failuresBytes: number;
  /** @default 0 */
  driftBytes?: number;
  failed: number;
  /** Columns of results in CSV. */
  columns: Column[];
  /** `written`: all results are written and are being renamed; after a kill, the next run finishes that. */
  state: 'scoring' | 'written' | 'done';
}

/** Identifies a function by the hashes in its manifest and by the requested outputs. */
export function identifyFunction(functionDir: string, outputs: readonly string[]): string {
  return createHash('sha256')
    .update(readFileSync(join(functionDir, MANIFEST_FILE)))
    .update(outputs.join())
    .digest('hex');
}

/** The checkpoint of a file, if it belongs to this function. */
export function readCheckpoint(path: string, functionId: string): Checkpoint | undefined {
  try {
    const found = JSON.parse(readFileSync(path, 'utf8')) as Checkpoint;
    return found.function === functionId ? found : undefined;
  } catch {
    // There is no checkpoint, or an unreadable one.
    return undefined;
  }
}

/** Writes the checkpoint completely or not at all. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(checkpoint));
  await rename(`${path}.new`, path);
}
