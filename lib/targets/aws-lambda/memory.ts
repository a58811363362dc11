import { MODEL_FOLDER } from '../../contract/files.ts';
import type { FileEntry } from '../../contract/manifest.ts';
import { lambdaMbPerVcpu } from '../../contract/platforms.ts';
import { awsLambdaLimits } from './limits.ts';

/** One vCPU among them, and the most that a new account may have. */
const stepsMb = [512, 1024, lambdaMbPerVcpu, 3008] as const;

/** Node, ONNX Runtime and a request. */
const baseBytes = 256 * 2 ** 20;
/** Weights as they are mapped, as the engine repacks them, and room for what lies between layers. */
const perModelByte = 4;

/**
 * Memory size for a function, in MB: the first of 512, 1024, 1769 and 3008 that holds 256 MiB and 4 times the bytes
 * under `model/`. There are only four steps so that a retrained model keeps its memory, and with it its share of the
 * CPU.
 */
export function memoryFor({ files }: { files: readonly Pick<FileEntry, 'path' | 'sizeBytes'>[] }): number {
  const modelBytes = files
    .filter(file => file.path.startsWith(`${MODEL_FOLDER}/`))
    .reduce((sum, file) => sum + file.sizeBytes, 0);
  const neededMb = (baseBytes + perModelByte * modelBytes) / 2 ** 20;
  return stepsMb.find(step => step >= neededMb) ?? stepsMb[stepsMb.length - 1]!;
}

export function lambdaVcpu(memoryMb: number): number {
  return memoryMb / lambdaMbPerVcpu;
}

/** The memory size that has the CPU of a whole machine, so that a function takes no fewer threads than it can use. */
export function lambdaMemoryOf(cpuCount: number): number {
  return Math.min(cpuCount * lambdaMbPerVcpu, awsLambdaLimits.memoryMb[1]);
}
