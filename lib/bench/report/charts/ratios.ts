import type { BenchResult } from '../../result.ts';
import { formatRatio } from '../format.ts';
import type { Chart, Drawing } from './draw.ts';

/** Each variant compared with the reference. */
export function ratiosChart(
  { summaries }: BenchResult,
  { Plot, draw, shorten, marginFor }: Drawing,
): Chart | undefined {
  const rows = summaries.flatMap(({ name, ratio }) =>
    ratio === undefined || ratio.to === name
      ? []
      : {
          name: `${name} : ${ratio.to}`,
          value: ratio.value,
          ...ratio.interval,
          label: formatRatio(ratio),
          to: ratio.to,
        },
  );
  if (rows.length === 0) {
    return undefined;
  }
  const names = rows.map(({ name }) => name);
  const references = [...new Set(rows.map(({ to }) => to))];
  const title = references.length === 1 ? `Compared with ${references[0]}` : 'Compared with each other';
  const svg = draw(title, {
    height: 80 + 44 * rows.length,
    marginLeft: marginFor(names),
    marginRight: 150,
    x: { label: 'ratio of the times to the first answer', grid: true, zero: true },
    y: { label: null, domain: names, tickSize: 0, tickFormat: shorten },
    marks: [
      Plot.ruleX([1], { stroke: 'var(--ink)', strokeDasharray: '4 3' }),
      Plot.ruleY(rows, { x1: 'low', x2: 'high', y: 'name', stroke: 'var(--handler)', strokeWidth: 4 }),
      Plot.dot(rows, { x: 'value', y: 'name', r: 6, fill: 'var(--handler)' }),
      Plot.text(rows, {
        frameAnchor: 'right',
        y: 'name',
        text: 'label',
        textAnchor: 'start',
        dx: 14,
        fontWeight: 'bold',
      }),
    ],
  });
  return {
    title,
    caption: 'The median of the ratios of each round, with its 95 % interval. Left of the line is faster.',
    svg,
  };
}
