import { MODEL_FOLDER } from '../../contract/files.ts';
import type { FileEntry } from '../../contract/manifest.ts';
import { lambdaMbPerVcpu } from '../../contract/platforms.ts';
import { awsLambdaLimits } from './limits.ts';

/** 1769 MB is one vCPU, and 3008 MB is the maximum of a new account. */
const stepsMb = [512, 1024, lambdaMbPerVcpu, 3008] as const;

/** Memory for Node, ONNX Runtime and a request. */
const baseBytes = 256 * 2 ** 20;
/** Space for weights as mapped and as repacked by the engine, and for values between layers. */
const perModelByte = 4;

/**
 * Returns a function's memory size in MB: the first of 512, 1024, 1769 and 3008 that fits 256 MiB plus 4 times the
 * bytes under `model/`. There are only four steps, so that a retrained model keeps its memory and its share of the CPU.
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

/** Returns the memory size that gives a function all CPUs of a machine, so that it can use as many threads. */
export function lambdaMemoryOf(cpuCount: number): number {
  return Math.min(cpuCount * lambdaMbPerVcpu, awsLambdaLimits.memoryMb[1]);
}
