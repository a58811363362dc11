import type { BenchResult } from '../../result.ts';
import { formatMs } from '../format.ts';
import type { Chart, Drawing } from './draw.ts';

/** Shows every sample, because a median can hide outliers and clusters. */
export function distributionsChart(
  result: BenchResult,
  { Plot, draw, isNarrow, shorten, marginFor }: Drawing,
): Chart {
  const names = result.variants.map(({ name }) => name);
  const samples = result.variants.flatMap(({ name, samples }, index) => {
    const outliers = new Set(result.summaries[index]!.outliers);
    return samples.map(({ round, totalMs }) => ({ name, round, totalMs, far: outliers.has(round) }));
  });
  const medians = result.summaries.map(({ name, totalMs }) => ({
    name,
    ms: totalMs.value,
    ...totalMs.interval,
  }));
  const title = 'Every sample';
  const svg = draw(title, {
    height: 60 + 76 * names.length,
    marginLeft: marginFor(names),
    x: { label: 'milliseconds to the first answer', grid: true },
    y: { axis: null },
    fy: { label: null, domain: names, axis: 'left', tickFormat: shorten },
    marks: [
      Plot.dot(
        samples,
        Plot.dodgeY('middle', {
          x: 'totalMs',
          fy: 'name',
          r: isNarrow ? 2 : 3.5,
          strokeWidth: 1.5,
          fill: ({ far }) => (far ? 'var(--paper)' : 'var(--native)'),
          stroke: ({ far }) => (far ? 'var(--warning)' : 'var(--native)'),
          title: ({ round, totalMs, far }) =>
            `round ${round + 1}: ${formatMs(totalMs)} ms${far ? ', far from the rest' : ''}`,
        }),
      ),
      Plot.ruleX(medians, { x: 'ms', fy: 'name', stroke: 'var(--ink)', strokeWidth: 2 }),
      Plot.rect(medians, { x1: 'low', x2: 'high', fy: 'name', fill: 'var(--ink)', fillOpacity: 0.14 }),
    ],
  });
  return {
    title,
    caption:
      'One dot per process; line and band are the median and its 95 % interval. Rings are outliers, which are included.',
    svg,
  };
}
