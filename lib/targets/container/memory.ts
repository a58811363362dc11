import type { FileEntry } from '../../contract/manifest.ts';
import { partOf } from './part.ts';

const mib = 2 ** 20;
/** Node, ONNX Runtime and requests. */
const baseMib = 256;
/** Weights as they are mapped, as the engine repacks them, and room for what lies between layers. */
const perModelByte = 4;
const stepMib = 128;

/** Memory for a container, in MiB: 256 and 4 times the model, rounded up to 128. */
export function memoryFor({ files }: { files: readonly Pick<FileEntry, 'path' | 'sizeBytes'>[] }): number {
  const modelBytes = files
    .filter(({ path }) => partOf(path) === 'weights')
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return stepMib * Math.ceil((baseMib + (perModelByte * modelBytes) / mib) / stepMib);
}
