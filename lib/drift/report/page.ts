import { type Drawing, openDrawing } from '../../bench/report/charts/draw.ts';
import { scrolling } from '../../bench/report/scrolling.ts';
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
  describeColumn,
  describeCorrection,
  describeEntries,
  describeRows,
  formatFigures,
  formatP,
  headline,
} from '../format.ts';
import { calibrationChart, distributionChart, timelineChart } from './charts.ts';

/** Number of columns whose distribution is drawn. */
const mostDrawn = 40;

const css = `${themeCss(':root')}
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;background:var(--paper);max-width:940px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin:2.2rem 0 .4rem}h3{font-size:1rem;margin:1.6rem 0 .2rem;overflow-wrap:anywhere}
.note,figcaption{color:var(--muted);font-size:.87rem}figure{margin:0}svg{width:100%;min-width:620px;height:auto}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.87rem;width:100%}
th,td{padding:.35rem .45rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}tr.drifted td:first-child{border-left:3px solid var(--warning);font-weight:bold}
.legend{display:flex;gap:1.1rem;font-size:.87rem;margin:.4rem 0}.legend i{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.35em}
p.lines{margin:.1rem 0}`;

/** Formats the report as one page that loads nothing from any server, worst first. */
export async function formatDriftPage(report: DriftReport): Promise<string> {
  const drawing = await openDrawing();
  const { columns, technical, performance } = report;
  const timeline = timelineChart(report, drawing);
  const calibration = calibrationChart(report, drawing);
  const title = `${headline(report)} in ${printable(report.model.name)}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">${generatorMark}<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><link rel="icon" href="data:,"><style>${css}</style></head><body><main>
<h1>${escapeHtml(title)}</h1>
${paragraph(describeRows(report), 'note')}
${section(
  'Columns',
  `${scrolling('Columns', table(columns))}
${paragraph(describeCorrection(report), 'note')}`,
)}
${timeline === undefined ? '' : section('Day by day', figure('Day by day', timeline, 'The line is the distance from the reference; 95 of 100 days without drift stay in the grey.'))}
${section(
  'Distributions',
  `<div class="legend"><span><i style="background:var(--runtime)"></i>reference</span><span><i style="background:var(--model)"></i>now</span></div>
${columns
  .slice(0, mostDrawn)
  .map(column => distribution(column, drawing))
  .join('\n')}
${columns.length > mostDrawn ? paragraph(`Not drawn: ${counted(columns.length - mostDrawn, 'column')} with less drift.`, 'note') : ''}`,
)}
${
  performance === null
    ? ''
    : section(
        'Performance',
        `${paragraph(`${counted(performance.rows, 'labelled record')}; ${performance.drifted ? 'the later half differs from the earlier' : 'the halves do not differ'} (p ${formatP(performance.correctedPValue)}).`)}
${formatFigures(performance.overall)
  .map(line => paragraph(line, 'lines'))
  .join('\n')}
${scrolling('Performance by day', performanceTable(performance))}
${calibration === undefined ? '' : figure('Calibration', calibration, 'A model whose chances are right is on the dashed line.')}`,
      )
}
${technical.length === 0 ? '' : section('What runs', `<ul>${technical.map(({ message }) => `<li>${escapeHtml(printable(message))}</li>`).join('')}</ul>`)}
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

function figure(label: string, svg: string, caption: string): string {
  return `<figure>${scrolling(label, svg)}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

function distribution(column: ColumnDrift, drawing: Drawing): string {
  const [, ...lines] = describeColumn(column);
  const name = printable(column.name);
  return `<h3>${escapeHtml(name)} <span class="note">${column.role}${column.drifted ? ', drifted' : ''}</span></h3>
${figure(`${column.role} ${name}`, distributionChart(column, drawing), lines.map(line => line.trim()).join('; '))}`;
}

function table(columns: readonly ColumnDrift[]): string {
  const rows = columns.map(column => {
    const cells = [...columnCells(column), groupDigits(column.rows.current)];
    return `<tr${column.drifted ? ' class="drifted"' : ''}>${cells.map(cell => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  return htmlTable([...columnHeads, 'rows'], rows);
}

function performanceTable({ days }: NonNullable<DriftReport['performance']>): string {
  const rows = days.map(
    ({ day, rows, figures }) =>
      `<tr><td>${escapeHtml(day || 'all')}</td><td>${groupDigits(rows)}</td><td>${escapeHtml(formatFigures(figures).join('; '))}</td></tr>`,
  );
  return htmlTable(['day', 'records', 'figures with 95 % intervals'], rows);
}

function htmlTable(heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map(cell => `<th scope="col">${escapeHtml(cell)}</th>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}
