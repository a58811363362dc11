import { drawSized, openDrawings, type SizedChart } from '../../bench/report/charts/draw.ts';
import { scrolling } from '../../bench/report/scrolling.ts';
import { sizedCss, sizedFigure } from '../../bench/report/sized-figure.ts';
import { themeCss } from '../../bench/report/theme.ts';
import { escapeHtml } from '../../contract/escape-html.ts';
import { generatorMark } from '../../generator-mark.ts';
import type { Advice } from '../advise.ts';
import { describeNumbers, describeSituation, formatMonthlyUsd, headline, remark } from '../format.ts';
import { costChart } from './cost-chart.ts';
import { drawNarrowTree } from './narrow-tree.ts';
import { drawTree } from './tree.ts';

const css = `${themeCss(':root')}
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;background:var(--paper);max-width:940px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin-bottom:.2rem}h2{font-size:1.1rem;margin:2.2rem 0 .4rem}
.note,figcaption{color:var(--muted);font-size:.87rem}a{color:inherit}
figure{margin:0}${sizedCss}.scroll{overflow-x:auto}code span{white-space:nowrap}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9rem;width:100%}
th,td{padding:.35rem .45rem;border-bottom:1px solid var(--line);text-align:left}
td.usd,th.usd{text-align:right;white-space:nowrap}tr.taken td{font-weight:bold}tr.taken td:first-child{border-left:3px solid var(--first)}
code{background:color-mix(in srgb,var(--line) 45%,transparent);padding:.1em .35em;border-radius:4px}
.tree{font-size:14px}.tree rect{fill:none;stroke:var(--line);stroke-width:1.5}.tree text{fill:var(--muted)}
.tree path{fill:none;stroke:var(--line);stroke-width:1.5}
.tree rect.lit{stroke:var(--first);stroke-width:2.5;fill:color-mix(in srgb,var(--first) 12%,transparent)}
.tree path.lit{stroke:var(--first);stroke-width:3}.tree text.lit{fill:var(--ink);font-weight:600}.tree .small{font-size:12px}`;

/** Formats the advice as one page that loads nothing from any server. */
export async function formatAdvicePage(advice: Advice): Promise<string> {
  const { recommended, changes } = advice;
  const chart = drawSized(await openDrawings(), drawing => costChart(advice, drawing));
  const { specified, assumed } = describeSituation(advice);
  const made =
    recommended.command === null
      ? 'coldpress does not build it.'
      : `To build it: <code>${recommended.command.split(' ').map(unbroken).join(' ')}</code>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">${generatorMark}<meta name="viewport" content="width=device-width">
<title>${escapeHtml(recommended.title)}</title><link rel="icon" href="data:,"><style>${css}</style></head><body><main>
<h1>Recommended: ${escapeHtml(headline(advice))}</h1>
${paragraphs(recommended.reasons)}
<p>${made}</p>
${paragraphs([`Specified: ${specified.join(', ') || 'nothing'}.`, `Assumed: ${assumed.join(', ') || 'nothing'}.`], 'note')}
${chart === undefined ? '<h2>Numbers</h2>' : chartFigure(chart)}
${paragraphs(describeNumbers(advice))}
<h2>The decision</h2>
<figure>${sizedFigure({ title: 'The decision', svg: drawTree(advice), narrowSvg: drawNarrowTree(advice) })}</figure>
<h2>Options</h2>
${scrolling(
  'Options',
  `<table><thead><tr><th scope="col">option</th><th scope="col" class="usd">USD a month</th><th scope="col">note</th></tr></thead><tbody>
${optionRows(advice)}
</tbody></table>`,
)}
<h2>The recommendation changes if</h2>
<ul>${changes.map(change => `<li>${escapeHtml(change.if)}: ${escapeHtml(change.option)}</li>`).join('\n')}</ul>
<h2>Prices</h2>
<p class="note">On demand, without free tiers, discounts, data transfer, load balancers and taxes.</p>
<ul class="note">${priceRows(advice)}</ul>
</main><script type="application/json" id="advice">${JSON.stringify(advice).replaceAll('<', '\\u003c')}</script>
</body></html>
`;
}

/** Prevents line breaks at a word's hyphens. */
function unbroken(word: string): string {
  return `<span>${escapeHtml(word)}</span>`;
}

function chartFigure(chart: SizedChart): string {
  const { title, caption } = chart;
  return `<h2>${escapeHtml(title)}</h2>
<figure>${sizedFigure(chart)}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

function paragraphs(lines: string[], kind?: string): string {
  const open = kind === undefined ? '<p>' : `<p class="${kind}">`;
  return lines.map(line => `${open}${escapeHtml(line)}</p>`).join('\n');
}

function optionRows({ options, recommended }: Advice): string {
  return options
    .map(option => {
      const { id, title, monthlyUsd } = option;
      return `<tr${id === recommended.id ? ' class="taken"' : ''}><td>${escapeHtml(title)}</td><td class="usd">${formatMonthlyUsd(monthlyUsd)}</td><td>${escapeHtml(remark(option))}</td></tr>`;
    })
    .join('\n');
}

function priceRows({ prices }: Advice): string {
  return prices
    .map(
      ({ title, source, dated, confidence }) =>
        `<li>${escapeHtml(title)}: <a href="${escapeHtml(source)}">${escapeHtml(new URL(source).host)}</a>, ${dated}, ${confidence}</li>`,
    )
    .join('\n');
}
