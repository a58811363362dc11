import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Architecture, SessionOptions } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import type { TuneMode } from '../model/press/tune.ts';

export const LOCK_FILE = 'coldpress.lock.json';

/** What was measured and fetched, kept beside the config and committed with it. */
export interface Lock {
  /** Models that come from elsewhere, by their URL. */
  models?: Record<string, { sha256: string; sizeBytes: number }>;
  /** Session options that were chosen by measurement, by the model's SHA-256 and the CPU. */
  tuned?: Record<
    string,
    Partial<Record<Architecture, { mode: TuneMode; session: SessionOptions; onnxruntime: string }>>
  >;
}

/** @throws ColdpressError LOCK_INVALID */
export async function readLock(path: string): Promise<Lock> {
  const text = await readFile(path, 'utf8').catch(error => {
    if (error.code === 'ENOENT') {
      return '{}';
    }
    throw error;
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ColdpressError('LOCK_INVALID', `${path} is not JSON: ${(cause as Error).message}`, {
      hint: 'restore it from version control, or delete it',
      cause,
    });
  }
}

/** Reads, changes and writes the lock; it appears whole. Keys are sorted, so that a diff shows what changed. */
export async function changeLock(path: string, change: (lock: Lock) => void): Promise<void> {
  const lock = await readLock(path);
  change(lock);
  const partial = `${path}.partial`;
  await writeFile(partial, `${JSON.stringify(lock, sortKeys, 2)}\n`);
  await rename(partial, path);
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
