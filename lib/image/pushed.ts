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
