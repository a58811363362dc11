import { containerWeight, nextTurn, partLength } from './weigh-text.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const comma = 0x2c;

interface CsvLimits {
  rows: number;
  values: number;
}

interface CsvCount extends CsvLimits {
  at: number;
  isQuoted: boolean;
}

/** @returns the limit that the CSV text exceeds, or `undefined` */
export async function weighCsv(text: string, limits: CsvLimits): Promise<keyof CsvLimits | undefined> {
  const count: CsvCount = { at: 0, rows: 0, values: 0, isQuoted: false };
  while (count.at < text.length) {
    const exceeded = weighCsvPart(text, count, limits);
    if (exceeded !== undefined) {
      return exceeded;
    }
    await nextTurn();
  }
  return undefined;
}

function weighCsvPart(text: string, count: CsvCount, limits: CsvLimits): keyof CsvLimits | undefined {
  const end = Math.min(text.length, count.at + partLength);
  let { at, rows, values, isQuoted } = count;
  for (; at < end; at++) {
    const character = text.charCodeAt(at);
    if (character > comma) {
      continue;
    }
    // Quotes are read as in `lib/contract/csv.ts`.
    if (character === quote && !isQuoted) {
      isQuoted = isCellStart(text, at);
    } else if (character === quote && text.charCodeAt(at + 1) === quote) {
      // The parser searches separately for each of them, and for each line within quotes.
      values += 1;
      at += 1;
    } else if (character === quote) {
      isQuoted = false;
    } else if (character === lineFeed && isQuoted) {
      values += 1;
    } else if (character === comma && !isQuoted) {
      values += 1;
    } else if (isLineEnd(text, at, character) && !isQuoted) {
      values += containerWeight;
      rows += 1;
    }
    if (rows > limits.rows) {
      return 'rows';
    }
    if (values > limits.values) {
      return 'values';
    }
  }
  Object.assign(count, { at, rows, values, isQuoted });
  return undefined;
}

function isCellStart(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return at === 0 || before === comma || before === lineFeed || before === carriageReturn;
}

/** A lone carriage return ends lines in a text without line feeds. */
function isLineEnd(text: string, at: number, character: number): boolean {
  return character === lineFeed || (character === carriageReturn && text.charCodeAt(at + 1) !== lineFeed);
}
