import type { Sample, Sampler, Variant } from './sample.ts';

export interface Rounds {
  /** Number of measured rounds. */
  samples: number;
  /** Number of discarded rounds before them, which fill caches and let the CPU reach its clock speed. */
  discard: number;
  /** Called once per measured round, before its samples. */
  onRound?: (() => void) | undefined;
  onProgress: (step: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Takes one sample of every variant per round, so that other load on the machine affects all of them. Each round begins
 * with a different variant, so that none always runs first.
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
