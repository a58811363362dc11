import type { FileHandle } from 'node:fs/promises';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { ColdpressError } from '../../errors.ts';
import type { InputFile } from './list-inputs.ts';
import { type Place, splitFile } from './split-file.ts';
import { findTextStart } from './text-start.ts';

/** The columns that a CSV file names in its first line, and where a file's records begin. @throws ColdpressError BATCH_INPUT */
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
    const header = parseHeader(bytes, path);
    if (header !== undefined) {
      return { header, first: { ...next, row: 0 } };
    }
  }
  return { header: [], first: begin };
}

function parseHeader(bytes: Buffer, path: string): string[] | undefined {
  try {
    const [header] = parse(bytes, { skip_empty_lines: true, record_delimiter: ['\r\n', '\n'] });
    if (header?.some(name => name.includes('\r'))) {
      throw new ColdpressError('BATCH_INPUT', `the lines of ${path} end with a carriage return alone`, {
        hint: 'write them with line feeds',
      });
    }
    return header;
  } catch (error) {
    if (error instanceof CsvError) {
      throw new ColdpressError('BATCH_INPUT', `${path} is not CSV: ${error.message}`, {
        hint: 'mend the file',
      });
    }
    throw error;
  }
}
