import { escapeHtml } from '../../contract/escape-html.ts';

/** What is wider than a telephone; it can be scrolled with the keyboard, too. */
export function scrolling(label: string, html: string): string {
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(label)}">${html}</div>`;
}
