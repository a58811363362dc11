import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CsvError, csvReader } from '../../lib/contract/csv.ts';
import { splitFile } from '../../lib/local/batch/split-file.ts';
import { weighCsv } from '../../lib/runtime/http/weigh-csv.ts';
import { openWalk } from '../../lib/runtime/objects/division/record-walk.ts';
import { folder } from '../cli/coldpress.ts';

/** Everything that finds rows without reading their cells finds those of the reader. */

const pieces = ['a', '"', '""', ',', '\n', '\r\n', '\r', '"b,c"', '"d\ne"', ' '];

/** Pseudo-random texts of some of the pieces, in which all quotes are closed. */
function* texts(count: number): Generator<{ text: string; rows: number; widths: number[] }> {
  let seed = 7;
  const below = (most: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * most);
  };
  while (count > 0) {
    const text = `${Array.from({ length: 1 + below(12) }, () => pieces[below(pieces.length)]).join('')}\n`;
    const reader = csvReader();
    try {
      const rows = [...reader.push(text), ...reader.end()];
      yield { text, rows: rows.length, widths: rows.map(({ cells }) => cells.length) };
      count -= 1;
    } catch (error) {
      expect(error).toBeInstanceOf(CsvError);
    }
  }
}

const cases = [...texts(400)];

test('batch divides a file where its rows end', async () => {
  const path = join(folder('csv-quotes'), 'rows.csv');
  for (const { text, rows } of cases) {
    writeFileSync(path, text);
    const file = await open(path);
    const from = { start: 0, row: 0, line: 1 };
    let found = 0;
    for await (const { range } of splitFile(file, { path, format: 'csv', from }, 1)) {
      const reader = csvReader();
      found += [...reader.push(text.slice(range.start, range.end)), ...reader.end()].length;
    }
    await file.close();
    expect([text, found]).toEqual([text, rows]);
  }
});

test('a job divides an object where its rows end', () => {
  for (const { text, widths } of cases) {
    const walk = openWalk('csv');
    const bytes = Buffer.from(text);
    const found: number[] = [];
    for (let next = walk.next(bytes, 0); next !== -1; next = walk.next(bytes, next)) {
      found.push(...(walk.last().isBlank ? [] : [walk.last().cells]));
    }
    expect([text, found]).toEqual([text, widths]);
  }
});

test('a body of more rows than the limit is refused before it is read', async () => {
  for (const { text, rows } of cases) {
    // Empty lines count, too.
    const lines = rows + (text.match(/^\r*\n/gm) ?? []).length;
    expect([text, await weighCsv(text, { rows: lines, values: 1000 })]).toEqual([text, undefined]);
    if (rows > 0) {
      expect([text, await weighCsv(text, { rows: rows - 1, values: 1000 })]).toEqual([text, 'rows']);
    }
  }
});
