import { phasesIn } from '../../phases.ts';
import type { BenchResult } from '../../result.ts';
import { formatMs } from '../format.ts';
import type { Chart, Drawing } from './draw.ts';

/**
 * The phases of every cold start, one bar per variant.
 * @param options.inWords - whether a bar's label states its ratio to the reference
 */
export function phasesChart(
  { summaries, disk }: BenchResult,
  { Plot, draw, shorten, marginFor }: Drawing,
  { inWords = false }: { inWords?: boolean } = {},
): Chart {
  const names = summaries.map(({ name }) => name);
  const shown = phasesIn(summaries);
  const parts = summaries.flatMap(({ name, phases: times }) =>
    shown.map(phase => ({ name, phase: phase.title, ms: times[phase.name] })),
  );
  const ends = summaries.map(({ name, phases: times, totalMs, ratio }) => ({
    name,
    end: Object.values(times).reduce((sum, ms) => sum + ms, 0),
    label: `${formatMs(totalMs.value)} ms${inWords ? compared(ratio) : ''}`,
  }));
  const title = `What the first answer is made of${disk === 'cold' ? ', from a cold disk' : ''}`;
  const svg = draw(title, {
    height: 70 + 44 * names.length,
    marginLeft: marginFor(names),
    marginRight: inWords ? 200 : 80,
    x: { label: 'milliseconds to the first answer', grid: true },
    y: { label: null, domain: names, tickSize: 0, tickFormat: shorten },
    color: {
      domain: shown.map(({ title }) => title),
      range: shown.map(({ name }) => `var(--${name})`),
    },
    marks: [
      Plot.barX(parts, {
        x: 'ms',
        y: 'name',
        fill: 'phase',
        insetTop: 4,
        insetBottom: 4,
        title: part => `${part.phase}: ${formatMs(part.ms)} ms`,
      }),
      Plot.text(ends, { x: 'end', y: 'name', text: 'label', textAnchor: 'start', dx: 8, fontWeight: 'bold' }),
    ],
  });
  return {
    title,
    caption: 'The median of each phase. The number is the median of the total.',
    svg,
  };
}

/** `, 0.55 of the time`; empty for the reference itself. */
function compared(ratio: BenchResult['summaries'][number]['ratio']): string {
  return ratio === undefined || ratio.value === 1 ? '' : `, ${ratio.value.toFixed(2)} of the time`;
}
