import { GrowingList } from '../growing-list.ts';
import { invalid } from '../invalid.ts';

/** Maximum length of a line, which contains all numbers of one list of a tree. */
const mostLineBytes = 2 ** 28;

/** Yields the lines of a text file read in chunks, so that a large file is never in memory as a whole. */
export function* readLines(chunks: Iterable<Buffer>): Generator<string> {
  let begun: Buffer[] = [];
  let begunBytes = 0;
  for (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const rest = chunk.subarray(start, end);
      yield toText(begun.length === 0 ? rest : Buffer.concat([...begun, rest]));
      begun = [];
      begunBytes = 0;
      start = end + 1;
    }
    if (start < chunk.length) {
      begun.push(Buffer.from(chunk.subarray(start)));
      begunBytes += chunk.length - start;
      if (begunBytes > mostLineBytes) {
        throw invalid('LightGBM', `a line has more than ${mostLineBytes} bytes`);
      }
    }
  }
  if (begun.length > 0) {
    yield toText(Buffer.concat(begun));
  }
}

function toText(line: Buffer): string {
  return line.toString('utf8', 0, line.at(-1) === 13 ? line.length - 1 : line.length);
}

/** Parses a list of numbers separated by spaces. @throws ColdpressError BOOSTER_INVALID */
export function numbersOf(text = '', name: string): Float64Array {
  // A list may have a million numbers: one array of all their texts would need several times the file's size.
  const numbers = new GrowingList(Float64Array);
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf(' ', start);
    if (end === -1) {
      end = text.length;
    }
    if (end > start) {
      numbers.push(numberOf(text.slice(start, end), name));
    }
  }
  return numbers.finish();
}

function numberOf(text: string, name: string): number {
  const number = Number(text);
  return Number.isNaN(number) ? wordOf(text, name) : number;
}

/** Parses a number that JavaScript spells differently. */
function wordOf(part: string, name: string): number {
  const sign = part.startsWith('-') ? -1 : 1;
  switch (part.replace(/^[+-]/, '').toLowerCase()) {
    case 'inf':
    case 'infinity':
      return sign * Number.POSITIVE_INFINITY;
    case 'nan':
      return Number.NaN;
  }
  throw invalid('LightGBM', `"${name}" holds ${JSON.stringify(part.slice(0, 40))}, which is not a number`);
}
