import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The final path of a file, and its path until it is complete. */
export interface OutputPaths {
  final: string;
  partial: string;
}

/** A file that is being written. */
export interface Output {
  sizeBytes(): number;
  write(text: string): Promise<void>;
  /** Makes everything written so far durable, even if the machine fails. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** @param keptBytes - bytes of earlier writes to keep; the rest is truncated */
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

/** Whether at least this many bytes of an output exist, so that writing can resume. */
export async function hasWritten({ partial }: OutputPaths, bytes: number): Promise<boolean> {
  return bytes === 0 || (await sizeOf(partial)) >= bytes;
}

/**
 * Moves a complete output to its final path; an empty one is removed, with any earlier file there. Repeating this, for
 * example after a kill, changes nothing.
 * @returns whether the output exists; false if somebody removed it meanwhile
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

/** The size of a file; -1 if it does not exist. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => -1,
  );
}
