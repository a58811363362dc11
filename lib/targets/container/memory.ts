import type { FileEntry } from '../../contract/manifest.ts';
import { partOf } from './part.ts';

const mib = 2 ** 20;
/** Memory for Node, ONNX Runtime and requests. */
const baseMib = 256;
/** Space for weights as mapped and as repacked by the engine, and for values between layers. */
const perModelByte = 4;
const stepMib = 128;

/** Returns the memory for a container, in MiB: 256 plus 4 times the model, rounded up to a multiple of 128. */
export function memoryFor({ files }: { files: readonly Pick<FileEntry, 'path' | 'sizeBytes'>[] }): number {
  const modelBytes = files
    .filter(({ path }) => partOf(path) === 'weights')
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return stepMib * Math.ceil((baseMib + (perModelByte * modelBytes) / mib) / stepMib);
}
