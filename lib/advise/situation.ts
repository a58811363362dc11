import type { Manifest } from '../contract/manifest.ts';

type EngineName = Manifest['engine']['name'];

/** How requests are spread over a month, by the share of it in which they come. */
export const shapes = {
  /** Day and night alike, at random. */
  steady: { activeShare: 1, title: 'day and night' },
  /** Ten hours on 22 days. */
  office: { activeShare: 220 / ((365.25 / 12) * 24), title: 'in office hours' },
  /** One hour a day. */
  nightly: { activeShare: 1 / 24, title: 'in one hour of the day' },
} as const satisfies Record<string, { activeShare: number; title: string }>;

export type Shape = keyof typeof shapes;

export const clouds = ['any', 'aws', 'google', 'azure'] as const;
export const integrators = ['developers', 'analysts', 'ml-team'] as const;

/** All that the decision is made from. */
export interface Situation {
  modelBytes: number;
  /** Why the engine of the functions cannot run the model; empty where it can. */
  obstacles: string[];
  requestsPerMonth: number;
  shape: Shape;
  /** The time that even a slow answer may take, in 99 of 100 requests. */
  latencyMs: number;
  payloadMb: number;
  needsGpu: boolean;
  /** Packages that score the model beside ONNX Runtime: of Python, of the system. */
  hasDependencies: boolean;
  /** People have to run it in the very environment that it was made in. */
  reproducesEnvironment: boolean;
  /** It runs where there is little memory or no network. */
  onDevices: boolean;
  /** Who builds on it: over HTTP, in notebooks, or with a platform's registry and monitoring. */
  integrators: (typeof integrators)[number];
  cloud: (typeof clouds)[number];
  /** First answer of a fresh instance, and each after it, with a whole vCPU. */
  coldMs: number;
  warmMs: number;
}

export type Given = Partial<Situation>;

/** What is taken where nothing is said. */
export const defaults = {
  modelBytes: 10_000_000,
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
} as const satisfies Omit<Situation, 'coldMs' | 'warmMs'>;

/**
 * Of a packed function on one vCPU. ONNX Runtime: ResNet-18's 47 MB were seen to take 63 ms (docs/cold-start.md). Compiled:
 * what an empty function takes on Lambda, 131 ms on x64 (https://maxday.github.io/lambda-perf/), and above it 9 ms for the
 * example, and 0.3 ms for each MB of trees to be read (docs/engines.md).
 */
const estimates = {
  onnxruntime: { coldBaseMs: 300, coldPerMb: 4, warmBaseMs: 2, warmPerMb: 1.35 },
  compiled: { coldBaseMs: 140, coldPerMb: 0.3, warmBaseMs: 2, warmPerMb: 0.1 },
} as const satisfies Record<EngineName, object>;

/**
 * Fills in what was not said, and names it.
 * @param engine - of the function, by which its times are estimated. Default: `onnxruntime`
 */
export function resolveSituation(
  given: Given,
  engine: EngineName = 'onnxruntime',
): { situation: Situation; assumed: (keyof Situation)[] } {
  const { modelBytes = defaults.modelBytes } = given;
  const megabytes = modelBytes / 1e6;
  const estimate = estimates[engine];
  const all: Situation = {
    ...defaults,
    obstacles: [],
    // A first answer takes no less than the others.
    coldMs: Math.max(Math.round(estimate.coldBaseMs + estimate.coldPerMb * megabytes), given.warmMs ?? 0),
    warmMs: Math.round(estimate.warmBaseMs + estimate.warmPerMb * megabytes),
  };
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const assumed = (Object.keys(all) as (keyof Situation)[]).filter(
    name => name !== 'obstacles' && said[name] === undefined,
  );
  return { situation: { ...all, ...said }, assumed };
}
