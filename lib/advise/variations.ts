import { breakEven } from './break-even.ts';
import { decide } from './decide.ts';
import { type OptionId, optionOf } from './options.ts';
import type { Situation } from './situation.ts';

/** Changes of a single property. */
const variations: readonly { if: string; change: Partial<Situation> }[] = [
  { if: 'it needs a GPU', change: { needsGpu: true } },
  { if: 'it needs no GPU', change: { needsGpu: false } },
  { if: 'it needs packages other than ONNX Runtime', change: { hasDependencies: true } },
  { if: 'it needs only ONNX Runtime', change: { hasDependencies: false } },
  { if: 'it runs on devices without a network', change: { onDevices: true } },
  { if: 'the devices can reach a server', change: { onDevices: false } },
  {
    if: 'analysts run it themselves, in its training environment',
    change: { reproducesEnvironment: true, integrators: 'analysts' },
  },
  {
    if: 'developers call it over HTTP',
    change: { reproducesEnvironment: false, integrators: 'developers' },
  },
  { if: 'an ML team wants a registry and monitoring', change: { integrators: 'ml-team' } },
  { if: 'requests are 20 MB', change: { payloadMb: 20 } },
  { if: 'requests are 0.1 MB', change: { payloadMb: 0.1 } },
  { if: 'only AWS is allowed', change: { cloud: 'aws' } },
  { if: 'only Google is allowed', change: { cloud: 'google' } },
  { if: 'only Azure is allowed', change: { cloud: 'azure' } },
  { if: 'every answer must arrive within 200 ms', change: { latencyMs: 200 } },
  { if: 'an answer may take 10 s', change: { latencyMs: 10_000 } },
  { if: 'there are 100 requests a month', change: { requestsPerMonth: 100 } },
];

/** The changes that lead to an option other than the one chosen. */
export function whatChanges(situation: Situation, taken: OptionId): { if: string; option: string }[] {
  const even = breakEven(situation);
  const traffic =
    even === null
      ? []
      : [
          {
            if: `there are ${even.toLocaleString('en-US')} requests a month`,
            change: { requestsPerMonth: even + 1 },
          },
        ];
  return [...traffic, ...variations].flatMap(({ if: condition, change }) => {
    const { option } = decide({ ...situation, ...change });
    return option === taken ? [] : { if: condition, option: optionOf(option).title };
  });
}
