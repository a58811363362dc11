import type { FileHandle } from 'node:fs/promises';
import { CsvError, columnNames, csvReader } from '../../contract/csv.ts';
import { ColdpressError } from '../../errors.ts';
import type { InputFile } from './list-inputs.ts';
import { type Place, splitFile } from './split-file.ts';
import { findTextStart } from './text-start.ts';

/** The column names in a CSV file's first line, and where the records begin. @throws ColdpressError BATCH_INPUT */
export async function readHeader(
  file: FileHandle,
  { path, format }: Pick<InputFile, 'path' | 'format'>,
): Promise<{ header?: string[]; first: Place }> {
  const begin = { start: await findTextStart(file, path), row: 0, line: 1 };
  if (format !== 'csv') {
    return { first: begin };
  }
  for await (const { range, next } of splitFile(file, { path, format, from: begin }, 1)) {
    const bytes = Buffer.alloc(range.end - begin.start);
    await file.read(bytes, 0, bytes.length, begin.start);
    const header = parseHeader(bytes.toString(), path);
    if (header !== undefined) {
      return { header, first: { ...next, row: 0 } };
    }
  }
  return { header: [], first: begin };
}

function parseHeader(text: string, path: string): string[] | undefined {
  const reader = csvReader();
  try {
    const [header] = [...reader.push(text), ...reader.end()];
    return header && columnNames(header);
  } catch (error) {
    if (error instanceof CsvError) {
      throw new ColdpressError('BATCH_INPUT', `${path} is not CSV: ${error.message}`, {
        hint: 'fix the file',
      });
    }
    throw error;
  }
}
