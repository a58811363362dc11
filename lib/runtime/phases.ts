import { now } from './clock.ts';
/**
 * How long each part of a cold start took, in milliseconds. An instance that was restored from a snapshot has only those since.
 */
export interface ColdPhases {
  /** From the start of the process until the model is opened. */
  boot?: number;
  /** Loading ONNX Runtime; absent where the model is compiled. */
  native?: number;
  model?: number;
  /** The first inference; absent until it happened. */
  first?: number;
}

/** Clears what passed before a snapshot was taken, perhaps days ago. */
export function forgetPhases(phases: ColdPhases): void {
  for (const name of Object.keys(phases)) {
    delete phases[name as keyof ColdPhases];
  }
}

export interface Stopwatch {
  /** Milliseconds since the last lap, or since the start of the process for the first. */
  lap(): number;
}

export function startStopwatch(): Stopwatch {
  let last = 0;
  return {
    lap() {
      const time = now();
      const elapsed = time - last;
      last = time;
      return elapsed;
    },
  };
}

/** The value of a `Server-Timing` header: https://www.w3.org/TR/server-timing/ */
export function serverTiming(phases: ColdPhases): string {
  return Object.entries(phases)
    .map(([name, ms]) => `${name};dur=${ms.toFixed(2)}`)
    .join(', ');
}
