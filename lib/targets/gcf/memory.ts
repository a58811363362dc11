import { MODEL_FOLDER } from '../../contract/files.ts';
import type { FileEntry } from '../../contract/manifest.ts';
import { gcfLimits } from './limits.ts';

/** What of a manifest tells the memory of its function. */
export interface Weighed {
  files: readonly Pick<FileEntry, 'path' | 'sizeBytes'>[];
  model: { sizeBytes: number };
}

const bytesPerMb = 2 ** 20;
/** ONNX Runtime's library and what it sets up, Node itself, and the source in memory: measured with a tiny model. */
const baseMb = 160;
/** V8 collects its garbage later the more it may keep, so the least is what a request of some megabytes needs. */
const leastHeapMb = 96;
const sizesMb = [256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768] as const;

/**
 * What an instance needs beside V8's heap. The file system is memory, so the weights count twice: as a file, and as
 * pages of which ONNX Runtime makes its own copies where it packs them for the CPU. An encoder of 400 MB was seen to have
 * 441 MB resident beside a source of 429 MB.
 */
function nativeMb({ files, model }: Weighed): number {
  const weights = files
    .filter(file => file.path.startsWith(`${MODEL_FOLDER}/`))
    .reduce((sum, f) => sum + f.sizeBytes, 0);
  return Math.ceil(baseMb + (weights + Math.max(weights, model.sizeBytes)) / bytesPerMb);
}

/** The least memory that the function runs in; it may be more than Google has. */
export function leastMemoryMb(manifest: Weighed): number {
  return nativeMb(manifest) + leastHeapMb;
}

/** The least of Google's usual sizes that the function runs in. */
export function defaultMemoryMb(manifest: Weighed): number {
  const needed = leastMemoryMb(manifest);
  return sizesMb.find(size => size >= needed) ?? gcfLimits.memoryMb[1];
}

/**
 * V8's limit for an instance of this size. Google's buildpack would set the memory less 64 MB, and the kernel ends a
 * process whose heap and native memory together are more than there is.
 */
export function heapLimitMb(manifest: Weighed, memoryMb: number): number {
  return Math.max(leastHeapMb, memoryMb - nativeMb(manifest));
}
