import { readFile } from 'node:fs/promises';
import type { Table } from './table.ts';

/** An object a line: a sample, by column. Every line has the keys of the first. */
export async function readJsonLines(path: string): Promise<Table> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter(line => line.trim() !== '');
  const rows = lines.map((line, index) => parseLine(line, index));
  const names = Object.keys(rows[0] ?? {});
  const columns = new Map(names.map(name => [name, rows.map((row, index) => take(row, name, index))]));
  return { path, rows: rows.length, columns };
}

function parseLine(line: string, index: number): Record<string, unknown> {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`line ${index + 1} is not an object`);
  }
  return value as Record<string, unknown>;
}

function take(row: Record<string, unknown>, name: string, index: number): unknown {
  if (!Object.hasOwn(row, name)) {
    throw new Error(`line ${index + 1} has no "${name}"`);
  }
  return row[name];
}
