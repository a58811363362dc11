import { RequestError } from '../errors.ts';

/**
 * Rows of a table as records. Without a header, which SageMaker does not send, all cells are numbers, and a record is
 * an object of the model's features where they are known, else an array; with one, a record is an object.
 * @throws RequestError 400, naming the row and the column
 */
export function readCsv(text: string, features: readonly string[] | undefined): unknown[] {
  const rows = readRows(text);
  const [first] = rows;
  if (first === undefined) {
    throw bad('the body is empty; expected rows of CSV');
  }
  const headed = first.some(cell => toNumber(cell) === undefined);
  const names = headed ? first : features;
  return (headed ? rows.slice(1) : rows).map((row, index) => {
    const expected = names?.length ?? first.length;
    if (row.length !== expected) {
      throw bad(`row ${index} has ${row.length} columns; expected ${expected}`);
    }
    if (names === undefined || !headed) {
      const numbers = row.map((cell, column) => readNumber(cell, index, column));
      return names === undefined
        ? numbers
        : Object.fromEntries(names.map((name, column) => [name, numbers[column]]));
    }
    return Object.fromEntries(names.map((name, column) => [name, toNumber(row[column]!) ?? row[column]]));
  });
}

/** https://www.rfc-editor.org/rfc/rfc4180 */
function readRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    const place = `row ${rows.length}, column ${row.length}`;
    const cell = text[at] === '"' ? readQuoted(text, at, place) : readPlain(text, at);
    row.push(cell.text);
    at = cell.end;
    if (text[at] === ',') {
      at++;
      // A comma at the very end has an empty cell behind it.
      if (at < text.length) {
        continue;
      }
      row.push('');
    }
    at += text.startsWith('\r\n', at) ? 2 : 1;
    if (row.length > 1 || row[0] !== '') {
      rows.push(row);
    }
    row = [];
  }
  return rows;
}

interface Cell {
  text: string;
  /** Where its comma or line break is. */
  end: number;
}

function readPlain(text: string, start: number): Cell {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && !text.startsWith('\r\n', end)) {
    end++;
  }
  return { text: text.slice(start, end), end };
}

function readQuoted(text: string, start: number, place: string): Cell {
  let close = text.indexOf('"', start + 1);
  while (close !== -1 && text[close + 1] === '"') {
    close = text.indexOf('"', close + 2);
  }
  const end = close + 1;
  if (
    close === -1 ||
    (end < text.length && text[end] !== ',' && text[end] !== '\n' && !text.startsWith('\r\n', end))
  ) {
    throw bad(`${place} has a quote that does not end`);
  }
  return { text: text.slice(start + 1, close).replaceAll('""', '"'), end };
}

function readNumber(cell: string, row: number, column: number): number | string {
  const number = toNumber(cell);
  if (number === undefined) {
    throw bad(`row ${row}, column ${column} is ${JSON.stringify(cell.slice(0, 60))}; expected a number`);
  }
  return number;
}

const spelled = ['NaN', 'Infinity', '-Infinity'];

function toNumber(cell: string): number | string | undefined {
  const text = cell.trim();
  if (spelled.includes(text)) {
    return text;
  }
  return /^[-+]?(\d|\.\d)/.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

/** Results as rows: values of objects and arrays are columns, what is deeper is JSON. */
export function writeCsv(results: readonly unknown[]): string {
  return results.map(result => `${columns(result).map(writeCell).join(',')}\n`).join('');
}

function columns(result: unknown): unknown[] {
  return typeof result === 'object' && result !== null ? Object.values(result).flatMap(columns) : [result];
}

function writeCell(value: unknown): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function bad(message: string): RequestError {
  return new RequestError(400, 'CSV', message);
}
