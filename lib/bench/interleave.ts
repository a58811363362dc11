import type { Sample, Sampler, Variant } from './sample.ts';

export interface Rounds {
  /** Rounds that count. */
  samples: number;
  /** Rounds before them, which are thrown away: they fill caches and let the CPU reach its clock. */
  discard: number;
  /** Runs once a counted round, before its samples. */
  onRound?: (() => void) | undefined;
  onProgress: (step: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * One sample of every variant a round, so that whatever else the machine does meets all of them; each round begins
 * with another variant, so that none always runs first.
 */
export async function sampleInterleaved(samplers: readonly Sampler[], rounds: Rounds): Promise<Variant[]> {
  const variants = samplers.map(({ facts }) => ({ ...facts, samples: [] as Sample[] }));
  for (let round = -rounds.discard; round < rounds.samples; round++) {
    if (round >= 0) {
      rounds.onRound?.();
    }
    for (let turn = 0; turn < samplers.length; turn++) {
      rounds.signal?.throwIfAborted();
      const index = (turn + round + rounds.discard) % samplers.length;
      const { facts, sample } = samplers[index]!;
      rounds.onProgress(`${describeRound(round, rounds)}: ${facts.name}`);
      const taken = await sample();
      if (round >= 0) {
        variants[index]!.samples.push({ round, ...taken });
      }
    }
  }
  return variants;
}

function describeRound(round: number, { samples, discard }: Rounds): string {
  return round < 0 ? `warming up, ${round + discard + 1} of ${discard}` : `round ${round + 1} of ${samples}`;
}
