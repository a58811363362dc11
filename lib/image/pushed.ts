import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IMAGE_FILE } from '../contract/files.ts';
import type { Pushed } from './push.ts';

/** Stores the image's name next to the artifact for later deployments; packing again removes it. */
export async function keepPushed(dirs: readonly string[], { image }: Pushed): Promise<void> {
  for (const dir of dirs) {
    await writeFile(join(dir, IMAGE_FILE), `${JSON.stringify({ image })}\n`);
  }
}

/** The last pushed image of an artifact, by its digest. */
export function readPushed(dir: string): string | undefined {
  const path = join(dir, IMAGE_FILE);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { image: string }).image : undefined;
}
