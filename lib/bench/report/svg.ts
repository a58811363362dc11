import { escapeHtml } from '../../contract/escape-html.ts';
import { phasesIn } from '../phases.ts';
import type { BenchResult } from '../result.ts';
import { type Chart, chartWidth } from './charts/draw.ts';
import { describeRun } from './table.ts';
import { themeCss } from './theme.ts';

const head = 78;
const foot = 46;
const margin = 16;

/** A standalone chart of phases for a pull request or a README, with its title, legend and machine. */
export function formatSvg(result: BenchResult, chart: Chart): string {
  const chartHeight = Number(/viewBox="0 0 \d+ (\d+)"/.exec(chart.svg)?.[1] ?? 0);
  const height = head + chartHeight + foot;
  const width = chartWidth + 2 * margin;
  const shown = phasesIn(result.summaries);
  const step = chartWidth / shown.length;
  const legend = shown.map(
    ({ name, title }, index) =>
      `<rect x="${margin + index * step}" y="50" width="11" height="11" rx="2" fill="var(--${name})"/>` +
      `<text x="${margin + index * step + 16}" y="60" font-size="11">${title}</text>`,
  );
  const [taken = '', versions, machine] = describeRun(result);
  const footnote = (text: string, line: number) =>
    `<text x="${margin}" y="${head + chartHeight + 14 + 18 * line}" font-size="11" fill="var(--muted)">${escapeHtml(text)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" fill="currentColor">
<style>${themeCss('svg')}</style>
<rect width="100%" height="100%" rx="6" fill="var(--paper)"/>
<text x="${margin}" y="30" font-size="17" font-weight="bold">${escapeHtml(chart.title)}</text>
${legend.join('\n')}
<g transform="translate(${margin},${head})">${chart.svg}</g>
${footnote(taken, 0)}
${footnote(`${versions}; ${machine}`, 1)}
</svg>
`;
}
