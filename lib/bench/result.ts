import type { CostSummary } from './cost.ts';
import type { Machine } from './machine/machine.ts';
import type { Variant } from './sample.ts';
import type { Summary } from './summary.ts';
import type { Warning } from './warning.ts';

/** Everything that was measured, without anything computed from it. */
export interface BenchData {
  schemaVersion: 1;
  /** ISO 8601. */
  startedAt: string;
  options: {
    samples: number;
    discard: number;
    warm: number;
    seed: number;
    requestsPerMonth: number;
  };
  /** `cold`: the function's files were dropped from the page cache before each sample, but Node's own were not. */
  disk: 'warm' | 'cold';
  /** The request that every function received. */
  request: { source: 'event' | 'input' | 'signature'; sizeBytes: number };
  machine: Machine;
  variants: Variant[];
  /** Notes on what could not be measured as requested. */
  notes: Warning[];
}

/** The output of `coldpress bench --json`, which `--compare` reads. */
export interface BenchResult extends BenchData {
  summaries: Summary[];
  costs: CostSummary[];
  warnings: Warning[];
}
