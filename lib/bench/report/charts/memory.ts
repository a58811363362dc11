import type { BenchResult } from '../../result.ts';
import type { Chart, Drawing } from './draw.ts';
import { legend } from './legend.ts';
import { seriesColors } from './series.ts';

/** The first answer by memory size, if there are several sizes. */
export function memoryChart(
  { variants, summaries }: BenchResult,
  { Plot, draw, shorten, marginFor }: Drawing,
): Chart | undefined {
  const points = summaries.map(({ totalMs }, index) => {
    const { name, memoryMb, vcpu } = variants[index]!;
    return { series: name.replace(/ @\d+$/, ''), memoryMb, vcpu, ms: totalMs.value, ...totalMs.interval };
  });
  const sizes = [...new Set(points.map(({ memoryMb }) => memoryMb))];
  if (sizes.length < 2) {
    return undefined;
  }
  const series = [...new Set(points.map(point => point.series))];
  const title = 'Memory size';
  const svg = draw(title, {
    height: Math.max(320, 90 + 18 * series.length),
    marginLeft: 60,
    marginRight: 30 + marginFor(series),
    x: { type: 'log', label: 'memory size, MB', ticks: sizes, tickFormat: String },
    y: { label: 'milliseconds to the first answer', zero: true, grid: true },
    color: { domain: series, range: seriesColors },
    marks: [
      Plot.ruleX(points, { x: 'memoryMb', y1: 'low', y2: 'high', stroke: 'series', strokeWidth: 2 }),
      Plot.line(points, { x: 'memoryMb', y: 'ms', z: 'series', stroke: 'series', strokeWidth: 2.5 }),
      Plot.dot(points, { x: 'memoryMb', y: 'ms', fill: 'series', r: 4 }),
      ...legend({ Plot }, series.map(shorten), { outside: true }),
    ],
  });
  const limited = variants.every(({ vcpu, region }) => vcpu !== null || region !== undefined);
  return {
    title,
    caption: limited
      ? 'Each size has its share of CPU, 1 vCPU for 1,769 MB. Bars are 95 % intervals.'
      : 'Not every size got its share of CPU; see the warnings. Bars are 95 % intervals.',
    svg,
  };
}
