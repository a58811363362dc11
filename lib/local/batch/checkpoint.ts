import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE } from '../../contract/manifest.ts';
import type { Column } from '../../runtime/files/types.ts';
import type { Place } from './split-file.ts';

/** How far a file is scored. */
export interface Checkpoint {
  /** Of which function and outputs it tells: with others, none of it holds. */
  function: string;
  /** SHA-256 of the input up to `next`: where the file changed, none of it holds. */
  inputSha256: string;
  /** Where the next range begins. */
  next: Place;
  /** Bytes that are written for certain; what stands behind them is written again. */
  resultsBytes: number;
  failuresBytes: number;
  /** Default: 0. */
  driftBytes?: number;
  failed: number;
  /** Of results in CSV. */
  columns: Column[];
  /** `written`: all of it is, and gets its names; a kill meanwhile leaves that to the next run. */
  state: 'scoring' | 'written' | 'done';
}

/** Identifies a function, by the hashes in its manifest, and the outputs that are asked of it. */
export function identifyFunction(functionDir: string, outputs: readonly string[]): string {
  return createHash('sha256')
    .update(readFileSync(join(functionDir, MANIFEST_FILE)))
    .update(outputs.join())
    .digest('hex');
}

/** The checkpoint of a file, if it is of this function. */
export function readCheckpoint(path: string, functionId: string): Checkpoint | undefined {
  try {
    const found = JSON.parse(readFileSync(path, 'utf8')) as Checkpoint;
    return found.function === functionId ? found : undefined;
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
