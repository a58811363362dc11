import { now } from './clock.ts';
/** Time of each part of a cold start, in milliseconds. An instance restored from a snapshot has only those after it. */
export interface ColdPhases {
  /** From the start of the process until the model is opened. */
  boot?: number;
  /** Loading ONNX Runtime. Absent if the model is compiled. */
  native?: number;
  /** Opening the model. */
  model?: number;
  /** The first inference. Absent until it ran. */
  first?: number;
}

/** Clears the times measured before a snapshot was taken, possibly days ago. */
export function forgetPhases(phases: ColdPhases): void {
  for (const name of Object.keys(phases)) {
    delete phases[name as keyof ColdPhases];
  }
}

export interface Stopwatch {
  /** Returns the milliseconds since the last lap, or, for the first, since the start of the process. */
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

/** Returns the value of a `Server-Timing` header: https://www.w3.org/TR/server-timing/ */
export function serverTiming(phases: ColdPhases): string {
  return Object.entries(phases)
    .map(([name, ms]) => `${name};dur=${ms.toFixed(2)}`)
    .join(', ');
}
