import {
  type CsvState,
  carriageReturn,
  cellStart,
  closing,
  comma,
  lineFeed,
  nextCsvState,
  quote,
  quoted,
  unquoted,
} from '../../contract/csv-quotes.ts';
import { containerWeight, nextTurn, partLength } from './weigh-text.ts';

interface CsvLimits {
  rows: number;
  values: number;
}

interface CsvCount extends CsvLimits {
  at: number;
  state: CsvState;
  /** The position after the last character that is counted. */
  counted: number;
  /** The character that ends lines. */
  lineEnd: number;
}

/** @returns the limit that the CSV text exceeds, or `undefined` */
export async function weighCsv(text: string, limits: CsvLimits): Promise<keyof CsvLimits | undefined> {
  // As the parser does: a carriage return alone ends lines only in a text without line feeds.
  const lineEnd = text.includes('\n') ? lineFeed : carriageReturn;
  const count: CsvCount = { at: 0, rows: 0, values: 0, state: cellStart, counted: 0, lineEnd };
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
  const { lineEnd } = count;
  let { at, rows, values, state, counted } = count;
  for (; at < end; at++) {
    const character = text.charCodeAt(at);
    // All syntax has lower codes than letters and digits.
    if (character > comma) {
      continue;
    }
    const before = at > counted && state !== quoted ? unquoted : state;
    counted = at + 1;
    state = nextCsvState(before, character === lineEnd ? lineFeed : character);
    if (character === lineEnd && state !== quoted) {
      values += containerWeight;
      rows += 1;
    } else if (character === comma && state === cellStart) {
      values += 1;
    } else if (character === lineEnd || (character === quote && before === closing)) {
      // The parser searches separately for each escaped quote, and for each line within quotes.
      values += 1;
    }
    if (rows > limits.rows) {
      return 'rows';
    }
    if (values > limits.values) {
      return 'values';
    }
  }
  Object.assign(count, { at, rows, values, state, counted });
  return undefined;
}
