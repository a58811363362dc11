import { RequestError } from '../errors.ts';
import type { Outcome } from '../score/outcome.ts';

/** How results are written: an extension for the key, and text for the outcomes of some rows. */
export interface ResultsFormat {
  extension: string;
  contentType: string;
  /** @param row - the number of the first, from 0 */
  format(outcomes: readonly Outcome[], row: number): string;
}

/** The format of the object: CSV for CSV, JSON Lines for all others, a Parquet file's too. */
export function resultsFormat(format: string): ResultsFormat {
  return format === 'csv' ? csv() : jsonLines;
}

const jsonLines: ResultsFormat = {
  extension: 'jsonl',
  contentType: 'application/jsonl',
  format: (outcomes, row) =>
    outcomes.map((outcome, index) => `${JSON.stringify({ row: row + index, ...told(outcome) })}\n`).join(''),
};

function told(outcome: Outcome): object {
  if (outcome.ok) {
    return { result: outcome.result };
  }
  const { error } = outcome;
  return { error: { code: error instanceof RequestError ? error.code : 'INTERNAL', message: error.message } };
}

/** Columns are those of the first result, nested ones by their path: `probabilities.benign`. */
function csv(): ResultsFormat {
  let columns: string[] | undefined;
  return {
    extension: 'csv',
    contentType: 'text/csv',
    format(outcomes, row) {
      const lines: unknown[][] = [];
      if (columns === undefined) {
        const first = outcomes.find(outcome => outcome.ok);
        columns = first === undefined ? [] : [...flatten(first.result).keys()];
        lines.push(['row', ...columns, 'error']);
      }
      for (const [index, outcome] of outcomes.entries()) {
        const values = outcome.ok ? flatten(outcome.result) : new Map<string, unknown>();
        const error = outcome.ok ? '' : outcome.error.message;
        lines.push([row + index, ...columns.map(column => values.get(column)), error]);
      }
      return lines.map(line => `${line.map(toCell).join(',')}\r\n`).join('');
    },
  };
}

function flatten(value: unknown, path = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) {
    return new Map([[path || 'result', value]]);
  }
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [
      ...flatten(inner, path === '' ? key : `${path}.${key}`),
    ]),
  );
}

/** https://www.rfc-editor.org/rfc/rfc4180 */
function toCell(value: unknown): string {
  const text = value === undefined || value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
