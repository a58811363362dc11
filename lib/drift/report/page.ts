import { drawSized, openDrawings, type SizedChart } from '../../bench/report/charts/draw.ts';
import { htmlTable, htmlTableCss } from '../../bench/report/html-table.ts';
import { scrolling } from '../../bench/report/scrolling.ts';
import { sizedCss, sizedFigure } from '../../bench/report/sized-figure.ts';
import { themeCss } from '../../bench/report/theme.ts';
import { escapeHtml } from '../../contract/escape-html.ts';
import { counted, groupDigits } from '../../counted.ts';
import { generatorMark } from '../../generator-mark.ts';
import { printable } from '../../printable.ts';
import type { ColumnDrift } from '../assess.ts';
import type { DriftReport } from '../drift.ts';
import {
  columnCells,
  columnHeads,
  describeCorrection,
  describeEntries,
  describeRows,
  formatFigure,
  formatP,
  headline,
} from '../format.ts';
import { metricTitles } from '../labels/titles.ts';
import { calibrationChart, distributionChart, timelineChart } from './charts.ts';

/** Number of columns whose distribution is drawn. */
const mostDrawn = 40;

const css = `${themeCss(':root')}
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;background:var(--paper);max-width:940px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin:2.2rem 0 .4rem}h3{font-size:1rem;margin:1.6rem 0 .2rem;overflow-wrap:anywhere}
.note,figcaption{color:var(--muted);font-size:.87rem}figure{margin:0}${sizedCss}
.scroll{overflow-x:auto}${htmlTableCss}
tr.marked td:first-child{border-left:3px solid var(--warning);font-weight:bold}
.legend{display:flex;gap:1.1rem;font-size:.87rem;margin:.4rem 0}.legend i{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.35em}
p.lines{margin:.1rem 0}.figures td:nth-child(n+3){white-space:normal}`;

/** Formats the report as one page that loads nothing from any server, worst first. */
export async function formatDriftPage(report: DriftReport): Promise<string> {
  const drawings = await openDrawings();
  const { columns, technical, performance } = report;
  const timeline = drawSized(drawings, drawing => timelineChart(report, drawing));
  const calibration = drawSized(drawings, drawing => calibrationChart(report, drawing));
  const title = headline(report, report.model.name);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">${generatorMark}<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><link rel="icon" href="data:,"><style>${css}</style></head><body><main>
<h1>${escapeHtml(title)}</h1>
${paragraph(describeRows(report), 'note')}
${section(
  'Columns',
  `${scrolling('Columns', columnTable(columns))}
${paragraph(describeCorrection(report), 'note')}`,
)}
${timeline === undefined ? '' : section('Day by day', figure(timeline))}
${section(
  'Distributions',
  `<div class="legend"><span><i style="background:var(--runtime)"></i>reference</span><span><i style="background:var(--model)"></i>now</span></div>
${columns
  .slice(0, mostDrawn)
  .map(
    column =>
      `${columnHeading(column)}\n${figure(drawSized(drawings, drawing => distributionChart(column, drawing)))}`,
  )
  .join('\n')}
${columns.length > mostDrawn ? paragraph(`Not drawn: ${counted(columns.length - mostDrawn, 'column')} with less drift.`, 'note') : ''}`,
)}
${
  performance === null
    ? ''
    : section(
        'Performance',
        `${paragraph(`${counted(performance.rows, 'labelled record')}; ${performance.drifted ? 'the later half differs from the earlier half' : 'the later half does not differ from the earlier half'} (p ${formatP(performance.correctedPValue)}).`)}
${scrolling('Performance by day', `<div class="figures">${performanceTable(performance)}</div>`)}
${paragraph('[95 % interval]', 'note')}
${calibration === undefined ? '' : figure(calibration)}`,
      )
}
${technical.length === 0 ? '' : section('Versions', `<ul>${technical.map(({ message }) => `<li>${escapeHtml(printable(message))}</li>`).join('')}</ul>`)}
${section(
  'Log',
  describeEntries(report.entries)
    .map(line => paragraph(line, 'lines'))
    .join('\n'),
)}
</main><script type="application/json" id="drift">${JSON.stringify(report).replaceAll('<', '\\u003c')}</script>
</body></html>
`;
}

function section(title: string, html: string): string {
  return `<h2>${escapeHtml(title)}</h2>\n${html}`;
}

function paragraph(text: string, kind?: string): string {
  return `<p${kind === undefined ? '' : ` class="${kind}"`}>${escapeHtml(text)}</p>`;
}

function figure(chart: SizedChart): string {
  return `<figure>${sizedFigure(chart)}<figcaption>${escapeHtml(chart.caption)}</figcaption></figure>`;
}

function columnHeading({ name, role, drifted }: ColumnDrift): string {
  return `<h3>${escapeHtml(printable(name))} <span class="note">${role}${drifted ? ', drifted' : ''}</span></h3>`;
}

function columnTable(columns: readonly ColumnDrift[]): string {
  return htmlTable(
    [...columnHeads, 'rows'],
    columns.map(column => ({
      cells: [...columnCells(column), groupDigits(column.rows.current)],
      isMarked: column.drifted,
    })),
    'scrolls',
  );
}

function performanceTable({ rows, overall, days }: NonNullable<DriftReport['performance']>): string {
  const names = Object.keys(overall) as (keyof typeof overall)[];
  const periods = [
    { day: 'all', rows, figures: overall },
    // A single day has the same figures.
    ...(days.length < 2 ? [] : days),
  ];
  return htmlTable(
    ['day', 'records', ...names.map(name => metricTitles[name])],
    periods.map(({ day, rows, figures }) => ({
      // The interval may move to a second line, but stays together.
      cells: [
        day,
        groupDigits(rows),
        ...names.map(name => formatFigure(figures[name]).replace(', ', ',\u00a0')),
      ],
    })),
    'stacks',
  );
}
