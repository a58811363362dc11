import { readFile } from 'node:fs/promises';
import type { Table } from './types.ts';

/** An object a line: a sample, by column. The first line has all keys; one that a later line does not have is missing. */
export async function readJsonLines(path: string): Promise<Table> {
  const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  const lines = text.split('\n').filter(line => line.trim() !== '');
  const rows = lines.map((line, index) => parseLine(line, index));
  const names = Object.keys(rows[0] ?? {});
  for (const [index, row] of rows.entries()) {
    checkKeys(row, names, index);
  }
  const columns = new Map(names.map(name => [name, rows.map(row => row[name])]));
  return { path, rows: rows.length, columns };
}

function parseLine(line: string, index: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new Error(`line ${index + 1}: ${(cause as Error).message}`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`line ${index + 1} is not an object`);
  }
  return value as Record<string, unknown>;
}

function checkKeys(row: Record<string, unknown>, names: readonly string[], index: number): void {
  const extra = Object.keys(row).find(name => !names.includes(name));
  if (extra !== undefined) {
    throw new Error(`line ${index + 1} has "${extra}", which the first line has not`);
  }
}
