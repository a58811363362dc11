import type { Architecture } from '../manifest.ts';

/** On-demand prices in USD, without free tiers, discounts and taxes. */
export const prices = {
  'aws-lambda': {
    region: 'us-east-1',
    collected: '2026-11',
    source: 'https://aws.amazon.com/lambda/pricing/',
    perMillionRequests: 0.2,
    perGbSecond: { x64: 0.0000166667, arm64: 0.0000133334 } satisfies Record<Architecture, number>,
    /** Memory is counted in GB of 1,024 MB, time in whole milliseconds; INIT is billed since 2025-08-01. */
    billedStepMs: 1,
  },
  gcf: {
    region: 'tier 1',
    collected: '2026-11',
    source: 'https://cloud.google.com/run/pricing',
    perMillionRequests: 0.4,
    perVcpuSecond: 0.000024,
    perGibSecond: 0.0000025,
    billedStepMs: 100,
  },
} as const;
