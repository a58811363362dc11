import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder and its parents. Node's `recursive` loops forever in folders such as /proc that allow no new ones.
 */
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
