import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Table } from './table.ts';

/** A header, then a row a sample. */
export async function readCsv(path: string): Promise<Table> {
  const [header = [], ...rows]: string[][] = parse(await readFile(path), {
    bom: true,
    skip_empty_lines: true,
  });
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new Error(`the header names the column "${twice}" twice`);
  }
  const columns = new Map(header.map((name, index) => [name, rows.map(row => row[index])]));
  return { path, rows: rows.length, columns };
}
