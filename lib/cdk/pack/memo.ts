import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTION_FOLDER } from '../../contract/files.ts';
import { MANIFEST_FILE } from '../../contract/manifest.ts';
import type { Packed, PackRequest, Stamps } from './request.ts';
import { stamp } from './stamp.ts';

interface Memo extends Packed {
  inputs: Stamps;
}

/**
 * Returns the artifact and report of an identical earlier request if none of the files it was made from has changed.
 * This takes a few hundred `stat` calls instead of a process, a bundler and a hash of the model. In case of doubt the
 * model is packed again, which only costs time.
 */
export function recall(request: PackRequest): Packed | undefined {
  const path = memoPath(request);
  if (!existsSync(path)) {
    return undefined;
  }
  const { dir, inputs, report } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Memo>;
  // An older coldpress kept no report.
  if (dir === undefined || inputs === undefined || report === undefined) {
    return undefined;
  }
  const isCurrent =
    existsSync(join(dir, FUNCTION_FOLDER, MANIFEST_FILE)) &&
    Object.entries(inputs).every(([file, was]) => stamp(file) === was);
  if (!isCurrent) {
    return undefined;
  }
  // Updates the time of use, because cache entries that are not used for long are removed.
  const now = new Date();
  utimesSync(path, now, now);
  utimesSync(dir, now, now);
  return { dir, report };
}

export function remember(request: PackRequest, memo: Memo): void {
  const path = memoPath(request);
  mkdirSync(request.cacheDir, { recursive: true });
  const whole = `${path}.${process.pid}`;
  writeFileSync(whole, JSON.stringify(memo));
  renameSync(whole, path);
}

function memoPath(request: PackRequest): string {
  const key = createHash('sha256')
    .update(JSON.stringify([request, process.version]))
    .digest('hex');
  return join(request.cacheDir, `synth-${key.slice(0, 32)}.json`);
}
