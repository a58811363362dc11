import type { BenchPlan } from '../options.ts';
import type { BenchRequest } from '../request.ts';
import type { VariantFacts } from '../sample.ts';
import type { Warning } from '../warning.ts';

export interface SamplerOptions {
  /** The artifact's folder. */
  dir: string;
  kind: VariantFacts['kind'];
  name: string;
  memoryMb: number;
  limitCpu: boolean;
  request: BenchRequest;
  plan: BenchPlan;
  onNote(note: Warning): void;
}
