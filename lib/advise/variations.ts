import { breakEven } from './break-even.ts';
import { decide } from './decide.ts';
import { type OptionId, optionOf } from './options.ts';
import type { Situation } from './situation.ts';

/** Changes of a single property. */
const variations: readonly { if: string; change: Partial<Situation> }[] = [
  { if: 'it needed a GPU', change: { needsGpu: true } },
  { if: 'it needed no GPU', change: { needsGpu: false } },
  { if: 'it needed packages other than ONNX Runtime', change: { hasDependencies: true } },
  { if: 'it needed nothing but ONNX Runtime', change: { hasDependencies: false } },
  { if: 'it ran on devices without a network', change: { onDevices: true } },
  { if: 'it could call a server', change: { onDevices: false } },
  {
    if: 'analysts ran it themselves, in its environment',
    change: { reproducesEnvironment: true, integrators: 'analysts' },
  },
  {
    if: 'developers called it over HTTP',
    change: { reproducesEnvironment: false, integrators: 'developers' },
  },
  { if: 'an ML team wanted registry and monitoring', change: { integrators: 'ml-team' } },
  { if: 'requests were of 20 MB', change: { payloadMb: 20 } },
  { if: 'requests were of 0.1 MB', change: { payloadMb: 0.1 } },
  { if: 'only AWS were allowed', change: { cloud: 'aws' } },
  { if: 'only Google were allowed', change: { cloud: 'google' } },
  { if: 'only Azure were allowed', change: { cloud: 'azure' } },
  { if: 'every answer had to come within 200 ms', change: { latencyMs: 200 } },
  { if: 'an answer might take 10 s', change: { latencyMs: 10_000 } },
  { if: 'there were 100 requests a month', change: { requestsPerMonth: 100 } },
];

/** The changes that lead to an option other than the one chosen. */
export function whatChanges(situation: Situation, taken: OptionId): { if: string; option: string }[] {
  const even = breakEven(situation);
  const traffic =
    even === null
      ? []
      : [
          {
            if: `there were ${even.toLocaleString('en-US')} requests a month`,
            change: { requestsPerMonth: even + 1 },
          },
        ];
  return [...traffic, ...variations].flatMap(({ if: condition, change }) => {
    const { option } = decide({ ...situation, ...change });
    return option === taken ? [] : { if: condition, option: optionOf(option).title };
  });
}
