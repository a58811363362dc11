import { expect, test } from 'vitest';
import { summariseCost } from '../../lib/bench/cost.ts';
import type { Variant } from '../../lib/bench/sample.ts';
import type { Summary } from '../../lib/bench/summary.ts';

// The rest of the whole is the network's.
const samples = [{ totalMs: 599.2, initMs: 300, answerMs: 99.2 }];
const facts = { name: 'churn', kind: 'artifact', target: 'aws-lambda', memoryMb: 512, samples };
const summary = { name: 'churn', totalMs: { value: 599.2 }, warmMs: { p50: 3.5 } } as unknown as Summary;

function costIn(region: string | undefined, architecture: string) {
  return summariseCost({ ...facts, region, architecture } as unknown as Variant, summary, 0)!;
}

// 0.5 GB for 400 ms cold and 4 ms warm, a million times: 200,000 and 2,000 GB-seconds, and the requests.
test.each([
  [undefined, 'x64', 'us-east-1', 0.2 + 3.33334, 0.2 + 0.0333334],
  ['eu-west-1', 'arm64', 'eu-west-1', 0.2 + 2.66668, 0.2 + 0.0266668],
  ['eu-south-1', 'arm64', 'eu-south-1', 0.23 + 3.12276, 0.23 + 0.0312276],
  ['xx-north-1', 'arm64', 'us-east-1', 0.2 + 2.66668, 0.2 + 0.0266668],
])('in %s on %s, by the prices of %s', (region, architecture, of, cold, warm) => {
  const cost = costIn(region, architecture);
  expect(cost.region).toBe(of);
  expect(cost.perMillionCold).toBeCloseTo(cold, 9);
  expect(cost.perMillionWarm).toBeCloseTo(warm, 9);
  // Without traffic every request starts cold.
  expect(cost.perMillion).toBeCloseTo(cold, 9);
});
