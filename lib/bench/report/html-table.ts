import { escapeHtml } from '../../contract/escape-html.ts';

export const htmlTableCss = `table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.87rem;width:100%}
th,td{padding:.35rem .45rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th{white-space:normal;vertical-align:bottom}
th:first-child,td:first-child{text-align:left}
@media(max-width:640px){.stacks thead{display:none}.stacks tr{display:block;margin:.8rem 0}
.stacks td,.stacks td:first-child{display:flex;justify-content:space-between;gap:1rem;white-space:normal;text-align:right}
.stacks td::before{content:attr(data-label);color:var(--muted)}}`;

export interface TableRow {
  cells: readonly string[];
  /** Whether the row has the class `marked`, which the page's CSS can emphasise. */
  isMarked?: boolean;
}

/**
 * A table of text.
 * @param onPhone - `stacks`: each row becomes a list of its cells with the headings of their columns; `scrolls`: it
 * stays as it is, for tables whose first columns are the most important
 */
export function htmlTable(
  heads: readonly string[],
  rows: readonly TableRow[],
  onPhone: 'stacks' | 'scrolls',
): string {
  const head = heads.map(text => `<th scope="col">${escapeHtml(text)}</th>`).join('');
  const lines = rows.map(({ cells, isMarked }) => {
    const data = cells.map(
      (cell, column) => `<td data-label="${escapeHtml(heads[column]!)}">${escapeHtml(cell)}</td>`,
    );
    return `<tr${isMarked ? ' class="marked"' : ''}>${data.join('')}</tr>`;
  });
  return `<table class="${onPhone}"><thead><tr>${head}</tr></thead><tbody>${lines.join('')}</tbody></table>`;
}
