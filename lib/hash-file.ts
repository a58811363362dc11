import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { explainSystemError } from './system-error.ts';

/**
 * SHA-256 of a file, in hexadecimal. It takes 2 to 5 seconds per gigabyte on a CPU without SHA instructions.
 * @throws ColdpressError FILE_EXPECTED
 */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash).catch(error => {
    // A folder is opened; only reading it fails, and that error has no path.
    throw explainSystemError(error, path);
  });
  return hash.digest('hex');
}
