import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that appears when it is whole. */
export interface Output {
  sizeBytes(): number;
  write(text: string): Promise<void>;
  /** After it, what is written survives the machine. */
  flush(): Promise<void>;
  /** Makes it appear; one of nothing does not, and takes away what was there. */
  complete(): Promise<void>;
  close(): Promise<void>;
}

/** @param keptBytes - of what was written to `partial` before; what stands behind them is dropped */
export async function openOutput(path: string, partial: string, keptBytes: number): Promise<Output> {
  await mkdir(dirname(path), { recursive: true });
  await mkdir(dirname(partial), { recursive: true });
  const file: FileHandle = await open(partial, keptBytes === 0 ? 'w' : 'r+');
  await file.truncate(keptBytes);
  let sizeBytes = keptBytes;
  return {
    sizeBytes: () => sizeBytes,
    async write(text) {
      const bytes = Buffer.from(text);
      await file.write(bytes, 0, bytes.length, sizeBytes);
      sizeBytes += bytes.length;
    },
    flush: () => file.datasync(),
    async complete() {
      await file.close();
      await (sizeBytes === 0 ? rm(path, { force: true }) : rename(partial, path));
      await rm(partial, { force: true });
    },
    close: () => file.close(),
  };
}
