import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTION_ZIP, LAYER_ZIP } from '../contract/files.ts';
import type { Manifest } from '../contract/manifest.ts';

/** Of the archives that are deployed, the first that an artifact lacks. */
export function missingArchive(dir: string, { layer }: Manifest): string | undefined {
  const archives = [FUNCTION_ZIP, ...(layer === undefined ? [] : [LAYER_ZIP])];
  return archives.find(archive => !existsSync(join(dir, archive)));
}
