import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where a file appears, and where it is until it is whole. */
export interface OutputPaths {
  final: string;
  partial: string;
}

/** A file that is being written. */
export interface Output {
  sizeBytes(): number;
  write(text: string): Promise<void>;
  /** After it, what is written survives the machine. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** @param keptBytes - of what was written before; what stands behind them is dropped */
export async function openOutput({ final, partial }: OutputPaths, keptBytes: number): Promise<Output> {
  await mkdir(dirname(final), { recursive: true });
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
    close: () => file.close(),
  };
}

/** Whether so many bytes of an output are there to go on with. */
export async function hasWritten({ partial }: OutputPaths, bytes: number): Promise<boolean> {
  return bytes === 0 || (await sizeOf(partial)) >= bytes;
}

/**
 * Has a whole output appear; one of nothing does not, and what was there is removed. Doing it again, as after a kill,
 * changes nothing.
 * @returns whether the output is there: not where somebody removed it meanwhile
 */
export async function completeOutput({ final, partial }: OutputPaths, sizeBytes: number): Promise<boolean> {
  if (sizeBytes === 0) {
    await rm(final, { force: true });
    await rm(partial, { force: true });
    return true;
  }
  if ((await sizeOf(partial)) === sizeBytes) {
    await rename(partial, final);
  }
  return isComplete({ final, partial }, sizeBytes);
}

export async function isComplete({ final }: OutputPaths, sizeBytes: number): Promise<boolean> {
  return sizeBytes === 0 || (await sizeOf(final)) === sizeBytes;
}

/** -1 where there is none. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => -1,
  );
}
