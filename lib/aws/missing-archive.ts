import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../contract/manifest.ts';

/** Of the archives that are deployed, the first that an artifact lacks. */
export function missingArchive(dir: string, { layer }: Manifest): string | undefined {
  const archives = ['function.zip', ...(layer === undefined ? [] : ['layer.zip'])];
  return archives.find(archive => !existsSync(join(dir, archive)));
}
