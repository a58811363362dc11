import { lambdaPriceSource } from '../../../targets/aws-lambda/prices.ts';
import { blend, coldShare, idleMinutes } from '../../cost.ts';
import type { BenchResult } from '../../result.ts';
import { formatUsd } from '../format.ts';
import type { Chart, Drawing } from './draw.ts';
import { legend } from './legend.ts';
import { seriesColors } from './series.ts';

/** From one request every two days to one every four seconds. */
const traffic = Array.from({ length: 61 }, (_, step) => Math.round(10 ** (1.2 + step * 0.08)));

/** Cost of a million requests by requests per month: the fewer requests, the more of them start cold. */
export function costsChart({ costs, options }: BenchResult, { Plot, draw }: Drawing): Chart | undefined {
  const known = costs.filter(({ perMillionWarm }) => perMillionWarm !== null);
  if (known.length === 0) {
    return undefined;
  }
  const points = known.flatMap(cost =>
    traffic.map(requests => ({ name: cost.name, requests, usd: blend(cost, requests)! })),
  );
  const chosen = options.requestsPerMonth;
  const marked = known.map(cost => ({ name: cost.name, requests: chosen, usd: cost.perMillion! }));
  const title = 'What a million requests cost';
  const svg = draw(title, {
    height: 320,
    marginLeft: 60,
    x: { type: 'log', label: 'requests a month', tickFormat: 's', grid: true },
    y: { label: 'USD a million requests', zero: true, grid: true },
    color: { domain: known.map(({ name }) => name), range: [...seriesColors] },
    marks: [
      Plot.ruleX([chosen], { stroke: 'var(--ink)', strokeDasharray: '4 3' }),
      Plot.line(points, { x: 'requests', y: 'usd', stroke: 'name', strokeWidth: 2.5 }),
      Plot.dot(marked, { x: 'requests', y: 'usd', fill: 'name', r: 5 }),
      ...legend(
        { Plot },
        marked.map(({ name, usd }) => `${name}: ${formatUsd(usd)}`),
      ),
    ],
  });
  const { collected } = lambdaPriceSource;
  const regions = [...new Set(known.map(({ region }) => region))].join(', ');
  const share = (100 * coldShare(chosen)).toFixed(0);
  return {
    title,
    caption:
      `AWS Lambda on demand in ${regions}, prices of ${collected}, with billed INIT. At ${chosen.toLocaleString('en-US')} requests a ` +
      `month, ${share} % start cold if they arrive at random and an instance is kept for ${idleMinutes} idle minutes.`,
    svg,
  };
}
