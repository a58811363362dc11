import type { DriftCounts } from '../../contract/drift-counts.ts';

/** One invocation, as reported in its log line. */
export interface Observation {
  source: string;
  requestId: string;
  records: number;
  failures: number;
  skipped?: number;
  latencyMs: number;
  /** Whether it is the first invocation of this instance. */
  cold: boolean;
  /** Milliseconds of the cold start's phases, if cold. */
  phases?: Record<string, number>;
  /** Versions in use, if cold. A compiled model has no ONNX Runtime. */
  versions?: { coldpress: string; node: string; onnxruntime?: string | undefined };
  /** The status of an HTTP answer. */
  status?: number;
  /** The error that failed the whole invocation, by name only: its message may quote the request. */
  error?: string;
  model: string;
  modelSha256: string;
  traceId?: string | undefined;
  /** Row counts by the bins of the profile. */
  drift?: DriftCounts | undefined;
  /** Only if the config enables it. */
  event?: unknown;
}

/** Writes an observation in a platform's own format. */
export type FormatLine = (
  observation: Observation,
  of: { name: string; namespace: string; env: NodeJS.ProcessEnv },
) => string;
