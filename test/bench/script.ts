import type { BenchData } from '../../lib/bench/result.ts';
import type { Sample, Sampler, VariantFacts } from '../../lib/bench/sample.ts';
import { seededRandom } from '../../lib/model/press/random-inputs.ts';

/** A sampler that starts nothing: it returns the times it is given, in turn. */
export function scripted(
  facts: Partial<VariantFacts> & { name: string },
  totals: readonly number[],
): Sampler {
  let next = 0;
  return {
    facts: { ...someFacts, ...facts },
    async sample() {
      const totalMs = totals[next++ % totals.length]!;
      return sampleOf(totalMs);
    },
    async close() {},
  };
}

/** A cold start of that length, in fixed proportions, with two warm requests. */
export function sampleOf(totalMs: number): Omit<Sample, 'round'> {
  return {
    totalMs,
    initMs: 0.8 * totalMs,
    answerMs: 0.2 * totalMs,
    phases: {
      platform: 0,
      runtime: 0.4 * totalMs,
      handler: 0.1 * totalMs,
      native: 0.2 * totalMs,
      model: 0.1 * totalMs,
      first: 0.05 * totalMs,
      answer: 0.15 * totalMs,
    },
    warmMs: [2, 3],
    peakMemoryMb: 80,
    cpuMs: totalMs,
  };
}

/** Of a machine that slows down and speeds up, and now and then stops for a while: what it makes of each round. */
export function noisyRounds(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, round) => {
    const drift = 1 + 0.5 * Math.sin(round / 5);
    const stall = random() < 0.1 ? 3 : 1;
    return drift * stall * (1 + 0.05 * random());
  });
}

const someFacts: VariantFacts = {
  name: '',
  kind: 'artifact',
  target: 'aws-lambda',
  architecture: 'x64',
  memoryMb: 1024,
  vcpu: null,
  coldDisk: null,
  versions: { coldpress: '0.1.0', node: '24.0.0', onnxruntime: '1.30.0', runtimeClient: 'scripted' },
  sizes: { diskBytes: 46_000_000, zippedBytes: 18_000_000 },
};

/** Data as a quiet machine would give them. */
export function dataOf(
  variants: Record<string, readonly number[]>,
  changes: Partial<BenchData> & { facts?: Record<string, Partial<VariantFacts>> } = {},
): BenchData {
  const { facts = {}, ...rest } = changes;
  const samples = Math.max(...Object.values(variants).map(totals => totals.length));
  return {
    schemaVersion: 1,
    startedAt: '2026-11-20T12:00:00.000Z',
    options: { samples, discard: 3, warm: 2, seed: 1, requestsPerMonth: 10_000 },
    disk: 'warm',
    request: { source: 'event', sizeBytes: 100 },
    machine: {
      coldpress: '0.1.0',
      cpu: 'A CPU',
      cpuCount: 2,
      memoryMb: 8192,
      kernel: 'Linux 6.1.0',
      architecture: 'x64',
      spinMs: Array.from({ length: samples }, () => 1),
      pressure: { waited: 0, stolen: 0 },
    },
    variants: Object.entries(variants).map(([name, totals]) => ({
      ...structuredClone(someFacts),
      name,
      kind: name === 'naive' || name === 'hello' ? name : 'artifact',
      ...facts[name],
      samples: totals.map((totalMs, round) => ({ round, ...sampleOf(totalMs) })),
    })),
    notes: [],
    ...rest,
  };
}
