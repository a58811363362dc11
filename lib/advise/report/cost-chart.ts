import type { Chart, Drawing } from '../../bench/report/charts/draw.ts';
import type { Advice } from '../advise.ts';
import { type OptionId, optionOf } from '../options.ts';

const colors: Partial<Record<OptionId, string>> = {
  lambda: 'var(--model)',
  google: 'var(--handler)',
  container: 'var(--native)',
  api: 'var(--first)',
  sagemaker: 'var(--answer)',
};
const drawn = Object.keys(colors) as OptionId[];

/** From a hundred requests a month to a hundred million. */
const traffic = Array.from({ length: 121 }, (_, step) => 10 ** (2 + step * 0.05));
const mostRequests = 1e8;
const leastUsd = 0.01;

/** Between them there are lines and no figures. */
function powersOfTen(usd: number): string {
  const power = Math.round(Math.log10(usd));
  return Math.abs(usd / 10 ** power - 1) < 1e-9 ? usd.toLocaleString('en-US') : '';
}

/** What a month costs, by the requests that come in it. */
export function costChart({ situation, options, breakEvenRequests }: Advice, { Plot, draw }: Drawing): Chart {
  const shown = drawn.filter(id => options.find(option => option.id === id)?.cannot === undefined);
  const title = (id: OptionId) => optionOf(id).title;
  const points = shown.flatMap(id =>
    traffic.flatMap(requestsPerMonth => {
      const usd = optionOf(id).monthlyUsd({ ...situation, requestsPerMonth });
      // On a scale of powers of ten there is no zero; what is below a cent is nothing.
      return usd === null || usd < leastUsd ? [] : { title: title(id), requests: requestsPerMonth, usd };
    }),
  );
  const yours = situation.requestsPerMonth;
  const marks = [
    { at: yours, text: 'yours', stroke: 'var(--ink)' },
    ...(breakEvenRequests === null || breakEvenRequests > mostRequests
      ? []
      : [{ at: breakEvenRequests, text: 'break-even', stroke: 'var(--warning)' }]),
  ];
  const svg = draw({
    height: 380,
    marginLeft: 70,
    marginTop: 34,
    x: { type: 'log', label: 'requests a month', tickFormat: 's', grid: true },
    y: {
      type: 'log',
      domain: [leastUsd, Math.max(100, ...points.map(({ usd }) => usd))],
      label: 'USD a month',
      tickFormat: powersOfTen,
      grid: true,
    },
    color: { domain: shown.map(title), range: shown.map(id => colors[id]!) },
    marks: [
      Plot.ruleX(marks, { x: 'at', stroke: 'stroke', strokeDasharray: '4 3' }),
      Plot.text(marks, {
        x: 'at',
        text: 'text',
        frameAnchor: 'top',
        dy: -14,
        fontWeight: 'bold',
        fill: 'stroke',
      }),
      Plot.line(points, { x: 'requests', y: 'usd', stroke: 'title', strokeWidth: 2.5 }),
      ...shown.map((id, line) =>
        Plot.text([title(id)], {
          ...{ frameAnchor: 'bottom-right', textAnchor: 'end', dx: -10, dy: -12 - 18 * line },
          ...{ fill: colors[id]!, fontWeight: 'bold', stroke: 'var(--paper)', strokeWidth: 6 },
        }),
      ),
    ],
  });
  return {
    title: 'What a month costs',
    caption: 'Both scales are powers of ten. Where a line has steps, another instance is needed.',
    svg: svg.replace('<svg ', '<svg role="img" aria-label="What a month costs, by requests a month" '),
  };
}
