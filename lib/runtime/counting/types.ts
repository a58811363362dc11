import type { DriftCounts } from '../../contract/drift-counts.ts';
import type { DecodedRequest } from '../infer.ts';
import type { InferOutput } from '../tensor/types.ts';

/** What the model took and returned. */
export interface Run {
  request: Pick<DecodedRequest, 'inputs'>;
  outputs: InferOutput[];
}

/** Counts by a profile, from line to line. */
export interface RunCounter {
  /** Counts a run apart; the returned function adds it to the sums. */
  see(run: Run): () => void;
  /** The sums since the last time, as fields of lines. Empty where there was no row. */
  take(): DriftCounts[];
}
