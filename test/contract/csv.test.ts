import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { CsvError, type CsvRow, csvReader } from '../../lib/contract/csv.ts';

/** The rows of a text that comes in parts of so many characters. */
function readRows(text: string, partLength = text.length): CsvRow[] {
  const reader = csvReader();
  const rows: CsvRow[] = [];
  for (let at = 0; at < text.length; at += partLength) {
    rows.push(...reader.push(text.slice(at, at + partLength)));
  }
  return [...rows, ...reader.end()];
}

const texts: [name: string, text: string, cells: string[][]][] = [
  ['nothing', '', []],
  ['lines of nothing', '\n\r\n\n', []],
  ['a row without an end', 'a,b', [['a', 'b']]],
  [
    'line feeds, and carriage returns before them',
    'a,b\nc,d\r\ne,f\n',
    [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ],
  ],
  ['cells of nothing', ',\na,\n,b\n""\n', [['', ''], ['a', ''], ['', 'b'], ['']]],
  ['a cell of nothing at the end', 'a,', [['a', '']]],
  [
    'quotes',
    '"a","b,c"\n"d ""e""","f\ng\r\nh"\r\n',
    [
      ['a', 'b,c'],
      ['d "e"', 'f\ng\r\nh'],
    ],
  ],
  ['a quote within a cell', '5" pipe,b"\n" ,"', [['5" pipe', 'b"'], [' ,']]],
  ['a carriage return within a line', 'a\rb,c\n"d"\n', [['a\rb', 'c'], ['d']]],
  ['rows of other lengths', 'a\nb,c\n"d","e",f\n', [['a'], ['b', 'c'], ['d', 'e', 'f']]],
  ['spaces', ' a , "b"\n', [[' a ', ' "b"']]],
];

test.each(texts)('%s', (_, text, cells) => {
  for (const partLength of [1, 2, 3, 1000]) {
    expect(readRows(text, partLength)).toEqual(cells.map(row => ({ cells: row })));
  }
});

test('a row with text behind a closing quote fails alone', () => {
  const rows = readRows('a,b\n"c"d,"e"\nf,g\n', 2);
  expect(rows.map(({ fault }) => fault)).toEqual([undefined, expect.stringContaining('column 1'), undefined]);
  expect(rows[2]!.cells).toEqual(['f', 'g']);
});

test.each(['a\n"b\nc\n', '"', 'a,"b""'])('%j has a quote that is not closed', text => {
  for (const partLength of [1, 1000]) {
    expect(() => readRows(text, partLength)).toThrow(CsvError);
  }
});

test('the error has the line of the row that is at fault', () => {
  expect(() => readRows('a\n\n"b\nb"\n"c\nd')).toThrow(/^line 5: /);
});

test('a quote that is never closed takes no longer than its text', () => {
  const reader = csvReader();
  reader.push('"');
  const part = 'x\n'.repeat(32 * 1024);
  expect(() => {
    for (let i = 0; i < 1025; i += 1) {
      reader.push(part);
    }
  }).toThrow(/line 1: .* more than/);
});

describe('another reader reads the same', () => {
  /** A generator of numbers from 0 to 1 that are the same each time. */
  let state = 7;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const cell = () =>
    pick(['', '1.5', 'ä€', '"x"', '"a,b"', '"a""b"', '"l\nm"', '"r\r\ns"', ' p ', '""', 'q"r']);

  test('cells of all kinds, in rows of one length', () => {
    const rows = Array.from({ length: 500 }, () => [cell(), cell(), cell()].join(','));
    const text = rows.map(row => row + pick(['\n', '\r\n'])).join('');
    const expected: string[][] = parse(text, { relax_quotes: true, record_delimiter: ['\r\n', '\n'] });
    for (const partLength of [1, 7, 64, text.length]) {
      expect(readRows(text, partLength).map(({ cells }) => cells)).toEqual(expected);
    }
  });
});
