import type { Manifest } from '../contract/manifest.ts';

/** 1,769 MB is one vCPU, 3,008 the most that a new account may have. */
const stepsMb = [512, 1024, 1769, 3008] as const;

/** Node, ONNX Runtime and a request. */
const baseBytes = 256 * 2 ** 20;
/** Weights as they are mapped, as the engine repacks them, and room for what lies between layers. */
const perModelByte = 4;

/**
 * Memory for a function: the first step of 512, 1024, 1769 and 3008 MB that holds 256 MiB and 4 times the bytes under
 * `model/`. Steps, so that a model that is trained again keeps its memory, and with it its CPU share.
 */
export function memoryFor({ files }: Pick<Manifest, 'files'>): number {
  const modelBytes = files
    .filter(file => file.path.startsWith('model/'))
    .reduce((sum, file) => sum + file.sizeBytes, 0);
  const neededMb = (baseBytes + perModelByte * modelBytes) / 2 ** 20;
  return stepsMb.find(step => step >= neededMb) ?? stepsMb[stepsMb.length - 1]!;
}
