import type { Manifest } from '../contract/manifest.ts';
import type { PhaseTimes } from './phases.ts';

/** The measurements of one cold start in a fresh process. */
export interface Sample {
  /** The round. Samples of one round were taken directly one after the other. */
  round: number;
  /** From the start of the process to the end of its first answer: `initMs` plus `answerMs`. */
  totalMs: number;
  /** From the start of the process to its first `/next`. */
  initMs: number;
  answerMs: number;
  phases: PhaseTimes;
  /** Round trips of the following requests, in order. */
  warmMs: number[];
  /** Resident memory after the last request; `null` if the host does not report it. */
  peakMemoryMb: number | null;
  /** CPU time of all threads until the first answer; `null` if the host does not report it. */
  cpuMs: number | null;
  /** How long the CPU share throttled the process, if one was set. */
  throttledMs?: number;
}

/** A sampler's description of what it samples. */
export interface VariantFacts {
  name: string;
  kind: 'artifact' | 'naive' | 'hello';
  target: Manifest['target'];
  architecture: string;
  /** Engine of a local artifact. */
  engine?: Manifest['engine']['name'];
  /** Region of a deployed function. */
  region?: string;
  memoryMb: number;
  /** The imposed CPU share in vCPUs; `null` for the whole machine. */
  vcpu: number | null;
  /** How its files were dropped from the page cache before each sample; `null` if they were not. */
  coldDisk: string | null;
  /** `onnxruntime` is empty if the function does not use it, or it is unknown. */
  versions: { coldpress: string; node: string; onnxruntime: string; runtimeClient: string };
  sizes: { diskBytes: number; zippedBytes: number };
}

/** Measures cold starts of one variant, one at a time. */
export interface Sampler {
  facts: VariantFacts;
  /** @throws ColdpressError `BENCH_FUNCTION_FAILED` with the phase and the reason */
  sample(): Promise<Omit<Sample, 'round'>>;
  close(): Promise<void>;
}

export interface Variant extends VariantFacts {
  samples: Sample[];
}
