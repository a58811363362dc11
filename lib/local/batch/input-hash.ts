import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** The SHA-256 of the start of a file, computed incrementally as long as `bytes` increases. */
export interface InputHash {
  upTo(bytes: number): Promise<string>;
}

const readBytes = 2 ** 20;

export function openInputHash(file: FileHandle): InputHash {
  let hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(readBytes);
  let hashedBytes = 0;
  return {
    async upTo(bytes) {
      if (bytes < hashedBytes) {
        hash = createHash('sha256');
        hashedBytes = 0;
      }
      while (hashedBytes < bytes) {
        const { bytesRead } = await file.read(
          buffer,
          0,
          Math.min(readBytes, bytes - hashedBytes),
          hashedBytes,
        );
        if (bytesRead === 0) {
          break;
        }
        hash.update(buffer.subarray(0, bytesRead));
        hashedBytes += bytesRead;
      }
      // Includes the length, so that a file that is too short has another hash.
      return hash.copy().update(`${hashedBytes}`).digest('hex');
    },
  };
}
