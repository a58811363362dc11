import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { readUtf8 } from './read-utf8.ts';
import type { Table } from './types.ts';

type Row = Record<string, unknown>;

/** Reads one object per line, by column name. The first line has all keys; later lines may omit some. */
export async function* readJsonLines(path: string, rowsAtOnce: number): AsyncGenerator<Table> {
  let names: string[] | undefined;
  let firstRow = 0;
  let waiting: Row[] = [];

  function flush(): Table {
    const rows = waiting;
    waiting = [];
    const columns = new Map(names!.map(name => [name, rows.map(row => row[name])]));
    const table = { path, rows: rows.length, firstRow, columns };
    firstRow += rows.length;
    return table;
  }

  for await (const line of createInterface({ input: Readable.from(readUtf8(path)), crlfDelay: Infinity })) {
    if (line.trim() === '') {
      continue;
    }
    const index = firstRow + waiting.length;
    const row = parseLine(line, index);
    names ??= Object.keys(row);
    checkKeys(row, names, index);
    waiting.push(row);
    if (waiting.length === rowsAtOnce) {
      yield flush();
    }
  }
  if (waiting.length > 0) {
    yield flush();
  }
}

function parseLine(line: string, index: number): Row {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new Error(`line ${index + 1}: ${(cause as Error).message}`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`line ${index + 1} is not an object`);
  }
  return value as Row;
}

function checkKeys(row: Row, names: readonly string[], index: number): void {
  const extra = Object.keys(row).find(name => !names.includes(name));
  if (extra !== undefined) {
    throw new Error(`line ${index + 1} has "${extra}", which the first line has not`);
  }
}
