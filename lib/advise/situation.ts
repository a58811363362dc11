import type { Manifest } from '../contract/manifest.ts';

/** The engines that a function may use. */
export type EngineName = Manifest['engine']['name'];

/** How requests are spread over a month, and the share of it in which they arrive. */
export const shapes = {
  /** Day and night, at random. */
  steady: { activeShare: 1, title: 'day and night' },
  /** Ten hours on 22 days. */
  office: { activeShare: 220 / ((365.25 / 12) * 24), title: 'in office hours' },
  /** One hour a day. */
  nightly: { activeShare: 1 / 24, title: 'in one hour of the day' },
} as const satisfies Record<string, { activeShare: number; title: string }>;

export type Shape = keyof typeof shapes;

export const clouds = ['any', 'aws', 'google', 'azure'] as const;
export const integrators = ['developers', 'analysts', 'ml-team'] as const;

/** All facts that the decision is based on. */
export interface Situation {
  modelBytes: number;
  /** Bytes of the function's `model/` folder, known once the model was pressed; as many as the model file before. */
  storedBytes: number;
  /** The engine of the function, by which its times are estimated. */
  engine: EngineName;
  /** Why the functions' engine cannot run the model; empty if it can. */
  obstacles: string[];
  requestsPerMonth: number;
  shape: Shape;
  /** Latency limit for 99 of 100 requests. */
  latencyMs: number;
  payloadMb: number;
  needsGpu: boolean;
  /** The model needs other packages next to ONNX Runtime, from Python or the system. */
  hasDependencies: boolean;
  /** The model must run in the exact environment that it was made in. */
  reproducesEnvironment: boolean;
  /** The model runs on devices with little memory or no network. */
  onDevices: boolean;
  /** Its users: over HTTP, in notebooks, or with a platform's registry and monitoring. */
  integrators: (typeof integrators)[number];
  cloud: (typeof clouds)[number];
  /** Time of a new instance's first answer and (`warmMs`) of each later one, with a whole vCPU. */
  coldMs: number;
  warmMs: number;
}

export type Given = Partial<Situation>;

/** Values that are assumed if nothing is specified. */
export const defaults = {
  modelBytes: 10_000_000,
  engine: 'onnxruntime',
  obstacles: [],
  requestsPerMonth: 100_000,
  shape: 'steady',
  latencyMs: 2000,
  payloadMb: 0.1,
  needsGpu: false,
  hasDependencies: false,
  reproducesEnvironment: false,
  onDevices: false,
  integrators: 'developers',
  cloud: 'any',
} as const satisfies Omit<Situation, 'storedBytes' | 'coldMs' | 'warmMs'>;

/**
 * Estimated times of a packed function on one vCPU. ONNX Runtime: ResNet-18 (47 MB) took 63 ms (docs/cold-start.md).
 * Compiled: an empty function takes 131 ms on Lambda on x64 (https://maxday.github.io/lambda-perf/); the example adds 9
 * ms, and each MB of trees 0.3 ms (docs/engines.md).
 */
const estimates = {
  onnxruntime: { coldBaseMs: 300, coldPerMb: 4, warmBaseMs: 2, warmPerMb: 1.35 },
  compiled: { coldBaseMs: 140, coldPerMb: 0.3, warmBaseMs: 2, warmPerMb: 0.1 },
} as const satisfies Record<EngineName, object>;

/** Not decided by the user: reported elsewhere. */
const derived: readonly (keyof Situation)[] = ['obstacles', 'storedBytes'];

/** Fills in defaults for what was not specified, and lists them. */
export function resolveSituation(given: Given): { situation: Situation; assumed: (keyof Situation)[] } {
  const { modelBytes = defaults.modelBytes, engine = defaults.engine } = given;
  const megabytes = modelBytes / 1e6;
  const estimate = estimates[engine];
  const all: Situation = {
    ...defaults,
    obstacles: [],
    storedBytes: modelBytes,
    // A first answer takes at least as long as the others.
    coldMs: Math.max(Math.round(estimate.coldBaseMs + estimate.coldPerMb * megabytes), given.warmMs ?? 0),
    warmMs: Math.round(estimate.warmBaseMs + estimate.warmPerMb * megabytes),
  };
  const specified = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const assumed = (Object.keys(all) as (keyof Situation)[]).filter(
    name => !derived.includes(name) && specified[name] === undefined,
  );
  return { situation: { ...all, ...specified }, assumed };
}
