import type { Manifest } from '../contract/manifest.ts';
import type { PhaseTimes } from './phases.ts';

/** One cold start in a fresh process, as it was measured. */
export interface Sample {
  /** Samples of one round were taken one right after the other. */
  round: number;
  /** From the process's start to the whole of its first answer: `initMs` and `answerMs`. */
  totalMs: number;
  /** From the process's start to its first `/next`. */
  initMs: number;
  answerMs: number;
  phases: PhaseTimes;
  /** Round trips of the requests that came after, in order. */
  warmMs: number[];
  /** Resident, after the last request; `null` where the host does not tell. */
  peakMemoryMb: number | null;
  /** Of all threads until the first answer; `null` where the host does not tell. */
  cpuMs: number | null;
  /** How long the CPU share held the process back, where one was set. */
  throttledMs?: number;
}

/** What a sampler says of the thing it samples. */
export interface VariantFacts {
  name: string;
  kind: 'artifact' | 'naive' | 'hello';
  target: Manifest['target'];
  architecture: string;
  /** Where a deployed function is. */
  region?: string;
  memoryMb: number;
  /** The share of CPU that was imposed, in vCPUs; `null`: all of the machine. */
  vcpu: number | null;
  /** How its files were dropped from the page cache before each sample; `null`: they were in it. */
  coldDisk: string | null;
  versions: { coldpress: string; node: string; onnxruntime: string; runtimeClient: string };
  sizes: { diskBytes: number; zippedBytes: number };
}

/** Takes cold starts of one variant, one at a time. */
export interface Sampler {
  facts: VariantFacts;
  /** @throws ColdpressError `BENCH_FUNCTION_FAILED`: which phase, and why */
  sample(): Promise<Omit<Sample, 'round'>>;
  close(): Promise<void>;
}

export interface Variant extends VariantFacts {
  samples: Sample[];
}
