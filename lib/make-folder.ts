import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** With the folders above it, one by one: Node's own `recursive` never ends where a folder is there and takes no other, as /proc. */
export async function makeFolder(dir: string): Promise<void> {
  const parent = dirname(dir);
  if (!existsSync(parent)) {
    await makeFolder(parent);
  }
  await mkdir(dir).catch(error => {
    if (error.code !== 'EEXIST') {
      throw error;
    }
  });
}
