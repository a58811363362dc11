/** Quotes a cell of CSV if it needs that. https://www.rfc-editor.org/rfc/rfc4180 */
export function toCsvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
