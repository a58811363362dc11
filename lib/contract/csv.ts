/** A row of CSV. */
export interface CsvRow {
  cells: string[];
  /** Why the row cannot be read, if so. */
  fault?: string;
}

export interface CsvReader {
  /** Returns the rows that are complete in the text so far. @throws CsvError */
  push(text: string): CsvRow[];
  /** Returns the remaining rows. @throws CsvError */
  end(): CsvRow[];
}

/** An error in a CSV that is not limited to one row. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
}

const [lineFeed, carriageReturn, comma] = [0x0a, 0x0d, 0x2c];

/** Maximum characters per row. A longer row most likely has an unclosed quote. */
const rowLimit = 64 * 1024 * 1024;

/**
 * Reads CSV part by part, in the one dialect used everywhere: RFC 4180, but line feeds alone also end rows. Empty lines
 * are skipped. `csv-quotes.ts` has the rules of quotes for code that does not read cells. A quote inside a cell that does not begin with one is text. All syntax is ASCII, so the text may be
 * UTF-8 that was decoded as Latin-1.
 * @param firstLine - number of the first line, for errors
 */
export function csvReader(firstLine = 1): CsvReader {
  let rest = '';
  let line = firstLine;
  let readAgainAt = 0;

  function read(text: string, isLast: boolean): CsvRow[] {
    const rows: CsvRow[] = [];
    let at = 0;
    let quote = text.indexOf('"');
    while (at < text.length) {
      const newline = text.indexOf('\n', at);
      if (newline === -1 && !isLast) {
        break;
      }
      const end = newline === -1 ? text.length : newline;
      quote = quote === -1 || quote >= at ? quote : text.indexOf('"', at);
      if (quote === -1 || quote > end) {
        const plain = text.slice(at, text[end - 1] === '\r' ? Math.max(at, end - 1) : end);
        if (!isBlank(plain)) {
          rows.push({ cells: plain.split(',') });
        }
        at = end + 1;
        line += 1;
        continue;
      }
      const found = readRow(text, at);
      const isWhole = found !== undefined && (isLast || found.end < text.length);
      if (!isWhole && isLast) {
        throw new CsvError(`line ${line}: a quote is not closed`);
      }
      if (!isWhole) {
        break;
      }
      rows.push(found.row);
      line += countLines(text, at, found.end);
      at = found.end + 1;
    }
    rest = text.slice(at);
    if (rest.length > rowLimit) {
      throw new CsvError(
        `line ${line}: the row has more than ${rowLimit} characters; is a quote not closed?`,
      );
    }
    // Otherwise a row longer than a part would be read again from its beginning with every part.
    readAgainAt = Math.min(2 * rest.length, rowLimit);
    return rows;
  }

  return {
    push(text) {
      rest += text;
      return rest.length < readAgainAt ? [] : read(rest, false);
    },
    end: () => read(rest, true),
  };
}

/** Whether a line is empty, apart from carriage returns. */
function isBlank(line: string): boolean {
  return line === '' || (line.charCodeAt(0) === carriageReturn && /^\r+$/.test(line));
}

/** Returns the column names in a header row. @throws CsvError */
export function columnNames({ cells, fault }: CsvRow): string[] {
  const met = new Set<string>();
  const twice = cells.find(name => met.size === met.add(name).size);
  if (fault !== undefined || twice !== undefined) {
    throw new CsvError(`the header: ${fault ?? `the column ${JSON.stringify(twice)} is there twice`}`);
  }
  if (cells.some(name => name.includes('\r'))) {
    throw new CsvError('the lines end with a carriage return alone; expected a line feed');
  }
  return cells;
}

/** Reads a row with quotes. @returns the row and the position of its end; `undefined` if a quote is still open */
function readRow(text: string, start: number): { row: CsvRow; end: number } | undefined {
  const row: CsvRow = { cells: [] };
  for (let at = start; ; at += 1) {
    let end: number;
    if (text[at] === '"') {
      const close = closingQuote(text, at);
      if (close === -1) {
        return undefined;
      }
      row.cells.push(text.slice(at + 1, close).replaceAll('""', '"'));
      end = cellEnd(text, close + 1);
      if (end > close + 1) {
        row.fault ??= `column ${row.cells.length} has text after its closing quote`;
      }
    } else {
      end = cellEnd(text, at);
      row.cells.push(text.slice(at, end));
    }
    if (text[end] !== ',') {
      return { row, end: text[end] === '\r' ? end + 1 : end };
    }
    at = end;
  }
}

/** Finds the closing quote; two quotes in a row are one quote inside the cell. */
function closingQuote(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close !== -1 && text[close + 1] === '"') {
    close = text.indexOf('"', close + 2);
  }
  return close;
}

/** Finds the end of a cell. A carriage return is part of a line end, and text anywhere else. */
function cellEnd(text: string, start: number): number {
  for (let end = start; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (
      code === comma ||
      code === lineFeed ||
      (code === carriageReturn && text.charCodeAt(end + 1) === lineFeed)
    ) {
      return end;
    }
  }
  return text.length;
}

function countLines(text: string, start: number, end: number): number {
  let count = 1;
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    count += 1;
  }
  return count;
}
