import { escapeHtml } from '../../contract/escape-html.ts';

/** Wraps content that is wider than a phone; it can also be scrolled with the keyboard. */
export function scrolling(label: string, html: string): string {
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(label)}">${html}</div>`;
}
