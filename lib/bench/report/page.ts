import { escapeHtml } from '../../contract/escape-html.ts';
import { generatorMark } from '../../generator-mark.ts';
import type { Comparison } from '../compare.ts';
import { phasesIn } from '../phases.ts';
import type { BenchResult } from '../result.ts';
import type { SizedChart } from './charts/draw.ts';
import { headline } from './headline.ts';
import { htmlTable, htmlTableCss } from './html-table.ts';
import { scrolling } from './scrolling.ts';
import { sizedCss, sizedFigure } from './sized-figure.ts';
import { describeRun, makeTable } from './table.ts';
import { formatComparison } from './terminal.ts';
import { themeCss } from './theme.ts';

const css = `${themeCss(':root')}
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;background:var(--paper);max-width:940px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin:2.2rem 0 .2rem}
p.note,figcaption,.run{color:var(--muted);font-size:.87rem;margin:.1rem 0 .5rem}
figure{margin:0}${sizedCss}
.scroll{overflow-x:auto}${htmlTableCss}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.87rem;margin:.4rem 0}
.legend i{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.35em}
ul.warnings{padding-left:0;list-style:none}ul.warnings li{border-left:3px solid var(--warning);padding:.1rem .8rem;margin:.5rem 0}
pre{white-space:pre-wrap;font-size:.87rem}`;

/** The whole report as one page that loads nothing from any server. */
export function formatPage(
  result: BenchResult,
  charts: readonly SizedChart[],
  comparison: Comparison | undefined,
): string {
  const { head, rows } = makeTable(result);
  const [first, ...others] = charts;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">${generatorMark}<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Cold starts</title><link rel="icon" href="data:,"><style>${css}</style></head><body><main>
<h1>${escapeHtml(headline(result))}</h1>
${first === undefined ? '' : formatChart(first, result)}
${scrolling(
  'Figures',
  htmlTable(
    head,
    rows.map(cells => ({ cells })),
    'stacks',
  ),
)}
${comparison === undefined ? '' : `<h2>Compared with the earlier run</h2><pre>${escapeHtml(formatComparison(comparison).join('\n'))}</pre>`}
${others.map(chart => formatChart(chart, undefined)).join('\n')}
${formatWarnings(result, comparison)}
<h2>How it was measured</h2>
${describeRun(result)
  .map(line => `<p class="run">${escapeHtml(line)}</p>`)
  .join('\n')}
</main><script type="application/json" id="result">${JSON.stringify(result).replaceAll('<', '\\u003c')}</script>
</body></html>
`;
}

/** Only the first chart is coloured by phase. */
function formatChart(chart: SizedChart, phased: BenchResult | undefined): string {
  const legend = phasesIn(phased?.summaries ?? []).map(
    phase => `<span><i style="background:var(--${phase.name})"></i>${phase.title}</span>`,
  );
  const { title, caption } = chart;
  return `<h2>${escapeHtml(title)}</h2><figure>
${phased === undefined ? '' : `<div class="legend">${legend.join('')}</div>`}
${sizedFigure(chart)}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

function formatWarnings({ warnings }: BenchResult, comparison: Comparison | undefined): string {
  const all = [...warnings, ...(comparison?.warnings ?? [])];
  const items = all.map(
    ({ variant, message, hint }) =>
      `<li>${escapeHtml(variant === undefined ? message : `${variant}: ${message}`)}<p class="note">${escapeHtml(hint)}</p></li>`,
  );
  return items.length === 0 ? '' : `<h2>Warnings</h2><ul class="warnings">${items.join('')}</ul>`;
}
