import type { SessionOptions } from '../../contract/manifest.ts';
import { type EngineLimits, expectAnswer, startEngine } from './engine-process.ts';
import type { Openable } from './openable.ts';
import type { Vector } from './prove.ts';
import { type SessionCandidate, sessionCandidates } from './session-options.ts';

/** What to optimise session options for: the first answer, later answers, or both equally. */
export type TuneMode = 'cold' | 'warm' | 'balanced';

/** Medians over fresh processes with one thread, in milliseconds on this machine. */
export interface TunedCandidate extends SessionCandidate {
  openMs: number;
  firstMs: number;
  warmMs: number;
}

export interface Tuning {
  mode: TuneMode;
  rounds: number;
  candidates: TunedCandidate[];
  /** The name of the candidate that was chosen. */
  chosen: string;
  session: SessionOptions;
}

const rounds = 7;
const warmRuns = 10;
/** Smaller relative differences are noise; the earlier candidate wins. */
const noise = 0.03;

/**
 * Chooses session options by measurement. Each candidate runs in fresh processes, interleaved with the others, so that
 * other load on the machine affects all of them.
 */
export async function tuneSession(
  model: Openable,
  vector: Vector,
  { mode, limits, onProgress }: { mode: TuneMode; limits: EngineLimits; onProgress: (step: string) => void },
): Promise<Tuning> {
  const samples = sessionCandidates.map(() => [] as number[][]);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { name, session }] of sessionCandidates.entries()) {
      onProgress(`tuning: round ${round + 1} of ${rounds}, ${name}`);
      const options = { intraOpNumThreads: 1, ...session };
      samples[index]!.push(await timeOnce({ ...model, options }, vector, limits));
    }
  }
  const candidates = sessionCandidates.map((candidate, index) => {
    const [openMs, firstMs, warmMs] = [0, 1, 2].map(column =>
      median(samples[index]!.map(row => row[column]!)),
    );
    return { ...candidate, openMs: openMs!, firstMs: firstMs!, warmMs: warmMs! };
  });
  const { name, session } = choose(candidates, mode);
  return { mode, rounds, candidates, chosen: name, session };
}

/** Measures opening, the first inference, and the median of later ones. */
async function timeOnce(
  { path, options, env }: Openable,
  { inputs, outputs }: Vector,
  limits: EngineLimits,
): Promise<number[]> {
  const engine = startEngine(limits, env);
  const run = { op: 'run', inputs, outputs: outputs.map(output => output.name) } as const;
  try {
    const opened = expectAnswer(await engine.request({ op: 'open', path, options }), 'open the model');
    const first = expectAnswer(await engine.request(run), 'run the model');
    const warm: number[] = [];
    while (warm.length < warmRuns) {
      warm.push(expectAnswer(await engine.request(run), 'run the model').ms);
    }
    return [opened.ms, first.ms, median(warm)];
  } finally {
    engine.close();
  }
}

function choose(candidates: TunedCandidate[], mode: TuneMode): TunedCandidate {
  const cold = ({ openMs, firstMs }: TunedCandidate) => openMs + firstMs;
  const warm = ({ warmMs }: TunedCandidate) => warmMs;
  const bestCold = Math.min(...candidates.map(cold));
  const bestWarm = Math.min(...candidates.map(warm));
  const costs: Record<TuneMode, (candidate: TunedCandidate) => number> = {
    cold: candidate => cold(candidate) / bestCold,
    warm: candidate => warm(candidate) / bestWarm,
    balanced: candidate => (cold(candidate) / bestCold + warm(candidate) / bestWarm) / 2,
  };
  const cost = costs[mode];
  return candidates.reduce((best, next) => (cost(next) < cost(best) * (1 - noise) ? next : best));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}
