export const [quote, lineFeed, carriageReturn, comma] = [0x22, 0x0a, 0x0d, 0x2c];

/** A position in CSV: at the start of a cell, in one without quotes, inside quotes, or after a quote that may close them. */
export type CsvState = 0 | 1 | 2 | 3;
export const [cellStart, unquoted, quoted, closing] = [0, 1, 2, 3] as const;

/** The next state by state and byte. A lookup is the fastest way, and large files have many bytes. */
const next = new Uint8Array(4 << 8).fill(unquoted).fill(quoted, quoted << 8, (quoted + 1) << 8);
for (const state of [cellStart, unquoted, closing]) {
  next[(state << 8) | comma] = cellStart;
  next[(state << 8) | lineFeed] = cellStart;
}
next[(cellStart << 8) | quote] = quoted;
next[(quoted << 8) | quote] = closing;
next[(closing << 8) | quote] = quoted;

/**
 * The rules of quotes, for code that finds rows without reading their cells. A quote has a meaning only at the start of a
 * cell and inside quotes, where two are an escaped quote. A line feed ends the row unless the state is `quoted`.
 * @param code - a byte, or a character with a code below 256
 */
export function nextCsvState(state: CsvState, code: number): CsvState {
  return next[(state << 8) | code] as CsvState;
}
