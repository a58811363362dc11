import type { DriftCounts } from '../../contract/drift-counts.ts';

/** One invocation, as its line in the log tells it. */
export interface Observation {
  source: string;
  requestId: string;
  records: number;
  failures: number;
  skipped?: number;
  latencyMs: number;
  /** The first invocation of this instance. */
  cold: boolean;
  /** Milliseconds of the cold start's parts, when it is cold. */
  phases?: Record<string, number>;
  /** What runs, when it is cold. A compiled model has no ONNX Runtime. */
  versions?: { coldpress: string; node: string; onnxruntime?: string | undefined };
  /** Of an answer to HTTP. */
  status?: number;
  /** The name of the error that failed the whole invocation; not its message, which may quote the request. */
  error?: string;
  model: string;
  modelSha256: string;
  traceId?: string | undefined;
  /** Rows by the bins of the profile. */
  drift?: DriftCounts | undefined;
  /** Only where the config asks for it. */
  event?: unknown;
}
