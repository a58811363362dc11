import { readFile } from 'node:fs/promises';
import { columnNames, csvReader } from '../../contract/csv.ts';
import type { Table } from './types.ts';

/** A header, then a row a sample. */
export async function readCsv(path: string): Promise<Table> {
  const reader = csvReader();
  const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  const [header, ...rows] = [...reader.push(text), ...reader.end()];
  const names = header === undefined ? [] : columnNames(header);
  for (const [index, { cells, fault }] of rows.entries()) {
    if (fault !== undefined || cells.length !== names.length) {
      throw new Error(
        `row ${index + 1}: ${fault ?? `it has ${cells.length} columns, the header ${names.length}`}`,
      );
    }
  }
  const columns = new Map(names.map((name, index) => [name, rows.map(({ cells }) => cells[index])]));
  return { path, rows: rows.length, columns };
}
