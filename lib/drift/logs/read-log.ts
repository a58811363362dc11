import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { causeOf } from '../../cause-of.ts';
import { columnNames, csvReader } from '../../contract/csv.ts';
import { ColdpressError } from '../../errors.ts';
import type { LogEntry } from './entry.ts';
import { unwrap, unwrapEntry } from './unwrap.ts';

/** A JSON document over several lines is read whole up to this size; larger files must be JSON Lines. */
const mostCharacters = 256 * 1024 * 1024;

/**
 * Reads the entries of a log, whatever tool wrote it: JSON Lines, text that contains JSON, a JSON document, CSV of Logs
 * Insights. All of them may be compressed with gzip.
 * @param file - `-` is stdin
 * @throws ColdpressError FILE_UNREADABLE
 */
export async function* readLog(file: string, stdin: Readable): AsyncIterable<LogEntry> {
  try {
    yield* readEntries(file === '-' ? stdin : createReadStream(file), file === '-' ? 'stdin' : file);
  } catch (cause) {
    throw cause instanceof ColdpressError
      ? cause
      : new ColdpressError('FILE_UNREADABLE', `cannot read ${file}: ${causeOf(cause)}`, {
          hint: 'Check the path, and that you may read it. - reads stdin.',
          cause,
        });
  }
}

async function* readEntries(source: Readable, name: string): AsyncIterable<LogEntry> {
  const lines = createInterface({ input: await inflate(source), crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  let kind: 'unknown' | 'lines' | 'document' | 'csv' = 'unknown';
  const held: string[] = [];
  let length = 0;
  for await (const line of lines) {
    number += 1;
    const text = number === 1 ? line.replace(/^\uFEFF/, '') : line;
    if (kind === 'unknown' && text.trim() !== '') {
      kind = kindOf(text);
    }
    if (kind === 'lines') {
      yield* readLine(text, `${name}:${number}`);
    } else {
      held.push(text);
      length += text.length + 1;
      if (length > mostCharacters) {
        throw new ColdpressError('LOG_TOO_LONG', `${name} is one document of more than 256 MiB`, {
          hint: 'Write it as JSON Lines: jq -c ".[]" FILE.',
        });
      }
    }
  }
  const whole = held.join('\n');
  yield* kind === 'csv' ? readCsvRows(whole, name) : readDocument(whole, held, name);
}

/** Detects the format by the first line. */
function kindOf(text: string): 'lines' | 'document' | 'csv' {
  if (/(^|,)"?@message"?(,|$)/.test(text) && !text.trimStart().startsWith('{')) {
    return 'csv';
  }
  return /^\s*[[{]/.test(text) && !isJson(text) && !/\S\s*\}\s*\{/.test(text) && !looksCut(text)
    ? 'document'
    : 'lines';
}

/** Whether a line was truncated; the first line of a document ends after a bracket or a comma. */
function looksCut(text: string): boolean {
  return !/[[{,]\s*$/.test(text);
}

function* readLine(text: string, where: string): Iterable<LogEntry> {
  if (text.trim() === '') {
    return;
  }
  // Firehose writes documents one after another without separators.
  const parts = isJson(text) ? [text] : splitDocuments(text);
  for (const part of parts) {
    yield* unwrapEntry(part, { where });
  }
}

function* readDocument(whole: string, lines: string[], where: string): Iterable<LogEntry> {
  if (whole.trim() === '') {
    return;
  }
  if (isJson(whole)) {
    yield* unwrap(JSON.parse(whole), { where });
    return;
  }
  for (const [index, line] of lines.entries()) {
    yield* readLine(line, `${where}:${index + 1}`);
  }
}

function* readCsvRows(text: string, where: string): Iterable<LogEntry> {
  const reader = csvReader();
  const [header, ...rows] = [...reader.push(text), ...reader.end()];
  const names = columnNames(header!);
  for (const [index, { cells }] of rows.entries()) {
    const row = Object.fromEntries(names.map((name, column) => [name, cells[column]]));
    yield* unwrapEntry(row, { where: `${where}, row ${index + 1}` });
  }
}

/** Splits between two objects; text that is not JSON stays whole. */
function splitDocuments(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      at += character === '\\' ? 1 : 0;
      inString = character !== '"';
    } else if (character === '"' && depth > 0) {
      inString = true;
    } else if (character === '{') {
      depth += 1;
    } else if (character === '}' && depth > 0) {
      depth -= 1;
      if (depth === 0) {
        parts.push(text.slice(from, at + 1));
        from = at + 1;
      }
    }
  }
  const rest = text.slice(from);
  return rest.trim() === '' ? parts : [...parts, rest];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Decompresses exports to S3 and Firehose's files, which are gzip according to their first two bytes. */
async function inflate(source: Readable): Promise<Readable> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await iterator.next();
  const head = first.done ? Buffer.alloc(0) : Buffer.from(first.value);
  const output = new PassThrough();
  async function* all() {
    yield head;
    for (let part = await iterator.next(); !part.done; part = await iterator.next()) {
      yield part.value;
    }
  }
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  const done = isGzip ? pipeline(all(), createGunzip(), output) : pipeline(all(), output);
  done.catch(error => output.destroy(error));
  return output;
}
