import { MODEL_FOLDER } from '../../contract/files.ts';
import type { FileEntry } from '../../contract/manifest.ts';
import { gcfLimits } from './limits.ts';

/** The parts of a manifest that determine the memory of its function. */
export interface Weighed {
  files: readonly Pick<FileEntry, 'path' | 'sizeBytes'>[];
  model: { sizeBytes: number };
}

const bytesPerMb = 2 ** 20;
/** Memory for ONNX Runtime's library and its setup, Node, and the source in memory, measured with a tiny model. */
const baseMb = 160;
/** V8 collects garbage later if it may use more, so this minimum only fits a request of a few megabytes. */
const leastHeapMb = 96;
const sizesMb = [256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768] as const;

/**
 * Returns an instance's memory outside V8's heap. The file system is in memory, so weights count twice: as a file, and
 * as pages that ONNX Runtime copies to pack them for the CPU. A 400 MB encoder was measured with 441 MB resident plus
 * a source of 429 MB.
 */
function nativeMb({ files, model }: Weighed): number {
  const weights = files
    .filter(file => file.path.startsWith(`${MODEL_FOLDER}/`))
    .reduce((sum, f) => sum + f.sizeBytes, 0);
  return Math.ceil(baseMb + (weights + Math.max(weights, model.sizeBytes)) / bytesPerMb);
}

/** Returns the minimum memory that the function runs in, which may exceed Google's maximum. */
export function leastMemoryMb(manifest: Weighed): number {
  return nativeMb(manifest) + leastHeapMb;
}

/** Returns the smallest of Google's usual sizes that the function runs in. */
export function defaultMemoryMb(manifest: Weighed): number {
  const needed = leastMemoryMb(manifest);
  return sizesMb.find(size => size >= needed) ?? gcfLimits.memoryMb[1];
}

/**
 * Returns V8's heap limit for an instance of this size. Google's buildpack would set the memory minus 64 MB, but the
 * kernel kills a process whose heap and native memory together exceed the instance's.
 */
export function heapLimitMb(manifest: Weighed, memoryMb: number): number {
  return Math.max(leastHeapMb, memoryMb - nativeMb(manifest));
}
