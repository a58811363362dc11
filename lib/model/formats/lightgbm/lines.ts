import { invalid } from '../invalid.ts';

/** The longest line that is read: all numbers of one list of a tree. */
const mostLineBytes = 2 ** 28;

/** The lines of a text file, one at a time, so that a large one is never a string as a whole. */
export function* readLines(bytes: Buffer): Generator<string> {
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(10, start);
    const end = found === -1 ? bytes.length : found;
    if (end - start > mostLineBytes) {
      throw invalid('LightGBM', `a line of ${end - start} bytes`);
    }
    yield bytes.toString('utf8', start, bytes[end - 1] === 13 ? end - 1 : end);
    start = end + 1;
  }
}

/** The numbers of a list, which spaces divide. @throws ColdpressError BOOSTER_INVALID */
export function numbersOf(text: string | undefined, name: string): Float64Array {
  const parts = (text ?? '').split(' ').filter(part => part !== '');
  return Float64Array.from(parts, part => {
    const number = Number(part.replace(/^([+-]?)inf(inity)?$/i, '$1Infinity'));
    if (Number.isNaN(number) && !/^-?nan$/i.test(part)) {
      throw invalid(
        'LightGBM',
        `"${name}" holds ${JSON.stringify(part.slice(0, 40))}, which is not a number`,
      );
    }
    return number;
  });
}
