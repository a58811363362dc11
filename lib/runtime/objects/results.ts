import { toCsvCell } from '../../contract/csv-cell.ts';
import { RequestError } from '../errors.ts';
import type { Column } from '../files/types.ts';
import type { Outcome } from '../score/outcome.ts';

/** A format of results: the key's extension, and the text of some rows' outcomes. */
export interface ResultsFormat {
  extension: string;
  contentType: string;
  /** @param row - the number of rows before the first; rows are numbered from 1 */
  format(outcomes: readonly Outcome[], row: number): string;
}

/**
 * Returns the results format for an object: CSV for CSV, JSON Lines for everything else, including Parquet.
 * @param columns - the columns of CSV whose header is already written (default: those of the first result, with a
 *   header)
 */
export function resultsFormat(format: string, columns?: Column[]): ResultsFormat {
  return format === 'csv' ? csv(columns) : jsonLines;
}

/** Returns the key of an object's results. */
export function resultsKey(prefix: string, key: string, format: string): string {
  return `${prefix}${key}.${resultsFormat(format).extension}`;
}

const jsonLines: ResultsFormat = {
  extension: 'jsonl',
  contentType: 'application/jsonl',
  format: (outcomes, row) =>
    outcomes
      .map((outcome, index) => `${JSON.stringify({ row: row + index + 1, ...resultOrError(outcome) })}\n`)
      .join(''),
};

function resultOrError(outcome: Outcome): object {
  if (outcome.ok) {
    return { result: outcome.result };
  }
  const { error } = outcome;
  return { error: { code: error instanceof RequestError ? error.code : 'INTERNAL', message: error.message } };
}

/** The columns are those of the first result. */
function csv(columns?: Column[]): ResultsFormat {
  return {
    extension: 'csv',
    contentType: 'text/csv',
    format(outcomes, row) {
      const lines: string[] = [];
      if (columns === undefined) {
        columns = columnsOf(outcomes) ?? [];
        lines.push(csvHead(columns));
      }
      for (const [index, outcome] of outcomes.entries()) {
        const cells: unknown[] = [row + index + 1];
        for (const column of columns) {
          cells.push(outcome.ok ? valueAt(outcome.result, column) : undefined);
        }
        cells.push(outcome.ok ? undefined : outcome.error.message);
        lines.push(toLine(cells));
      }
      return lines.join('');
    },
  };
}

/** Returns the header line of CSV results. */
export function csvHead(columns: readonly Column[]): string {
  return toLine(['row', ...columns.map(columnName), 'error']);
}

/** Nested values have the names of samples: `probabilities[benign]`, `scores[0]`. */
function columnName([first = 'result', ...inner]: Column): string {
  return first + inner.map(key => `[${key}]`).join('');
}

/** Returns the columns of the first result, if there is one. */
export function columnsOf(outcomes: readonly Outcome[]): Column[] | undefined {
  const first = outcomes.find(outcome => outcome.ok);
  return first && pathsIn(first.result);
}

function pathsIn(value: unknown): string[][] {
  return isNested(value)
    ? Object.entries(value).flatMap(([key, inner]) => pathsIn(inner).map(path => [key, ...path]))
    : [[]];
}

function valueAt(result: unknown, path: Column): unknown {
  let value = result;
  for (const key of path) {
    value = isNested(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return isNested(value) ? undefined : value;
}

function isNested(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function toLine(values: unknown[]): string {
  return `${values.map(toCell).join(',')}\r\n`;
}

function toCell(value: unknown): string {
  if (typeof value === 'number') {
    return String(value);
  }
  return toCsvCell(String(value ?? ''));
}
