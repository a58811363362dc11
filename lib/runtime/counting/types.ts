import type { DriftCounts } from '../../contract/drift-counts.ts';
import type { DecodedRequest } from '../infer.ts';
import type { InferOutput } from '../tensor/types.ts';

/** The inputs and outputs of one run of the model. */
export interface Run {
  request: Pick<DecodedRequest, 'inputs'>;
  outputs: InferOutput[];
}

/** Counts runs into the bins of a profile, from one log line to the next. */
export interface RunCounter {
  /** Counts a run separately; the returned function adds it to the sums. */
  see(run: Run): () => void;
  /** Returns the sums since the last call, as fields of log lines; empty if there were no rows. */
  take(): DriftCounts[];
}
