import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IMAGE_FILE } from '../contract/files.ts';
import type { Pushed } from './push.ts';

/** Keeps with the artifact which image was made of it, for whatever deploys it; packing again removes the note. */
export async function keepPushed(dirs: readonly string[], { image }: Pushed): Promise<void> {
  for (const dir of dirs) {
    await writeFile(join(dir, IMAGE_FILE), `${JSON.stringify({ image })}\n`);
  }
}

/** The image that was made of an artifact and pushed last, by its digest. */
export function readPushed(dir: string): string | undefined {
  const path = join(dir, IMAGE_FILE);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { image: string }).image : undefined;
}
