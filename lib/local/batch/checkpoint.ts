import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE } from '../../contract/manifest.ts';
import type { Column } from '../../runtime/files/types.ts';
import type { Place } from './split-file.ts';

/** How far a file is scored. */
export interface Checkpoint {
  /** Of which function and file it tells: with another, none of it holds. */
  of: string;
  /** Where the next range begins. */
  next: Place;
  /** Bytes that are written for certain; what stands behind them is written again. */
  resultsBytes: number;
  failuresBytes: number;
  failed: number;
  /** Of results in CSV. */
  columns: Column[];
  isDone: boolean;
}

/** Identifies a function, by the hashes in its manifest, and the state of a file. */
export function identify(functionDir: string, file: { size: number; mtimeMs: number }): string {
  return createHash('sha256')
    .update(readFileSync(join(functionDir, MANIFEST_FILE)))
    .update(`${file.size}:${file.mtimeMs}`)
    .digest('hex');
}

export function readCheckpoint(path: string, of: string): Checkpoint | undefined {
  try {
    const found = JSON.parse(readFileSync(path, 'utf8')) as Checkpoint;
    return found.of === of ? found : undefined;
  } catch {
    // There is none, or none that can be trusted.
    return undefined;
  }
}

/** Whole or not at all. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(checkpoint));
  await rename(`${path}.new`, path);
}
