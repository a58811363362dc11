import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { csvReader } from '../../../lib/contract/csv.ts';
import { readPart } from '../../../lib/runtime/objects/division/read-part.ts';
import { readHeader } from '../../../lib/runtime/objects/division/record-start.ts';
import type { LineFormat } from '../../../lib/runtime/objects/division/types.ts';
import type { StoredObject } from '../../../lib/runtime/objects/types.ts';

function stored(bytes: Buffer): StoredObject {
  return {
    sizeBytes: bytes.length,
    metadata: {},
    async *stream(start = 0) {
      // Chunks end anywhere.
      for (let from = start; from < bytes.length; from += 4099) {
        yield bytes.subarray(from, from + 4099);
      }
    },
    range: async (start, end) => bytes.subarray(start, end),
  };
}

/** The text of every part, in order. */
async function partsOf(text: string, partBytes: number, format: LineFormat = 'csv'): Promise<string[]> {
  const object = stored(Buffer.from(text));
  const header = format === 'csv' ? await readHeader(object.range, object.sizeBytes) : undefined;
  const count = Math.ceil(object.sizeBytes / partBytes);
  const parts: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = index * partBytes;
    const part = { number: index + 1, count, start, end: Math.min(start + partBytes, object.sizeBytes) };
    parts.push((await buffer(readPart(object, { part, format, header }))).toString());
  }
  return parts;
}

function rowsOf(text: string): string[][] {
  const reader = csvReader();
  return [...reader.push(text), ...reader.end()].map(({ cells }) => cells);
}

/** Pseudo-random numbers below `most`. */
function numbers(seed: number) {
  return (most: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * most);
  };
}

const cells = [
  ...['1', '-2.5', '', 'plain', 'a "quote" inside', "it's"],
  ...[
    '"a,b"',
    '"two\nlines"',
    '"two\r\nlines"',
    '"an ""escaped"" quote"',
    '"""all"""',
    '""',
    '"\n"',
    '"\n\n,\n"',
  ],
  ...[`"${'long '.repeat(300)}"`, `"${'1,2,3\n'.repeat(50)}"`],
];

describe('CSV', () => {
  test.each([1, 2, 3, 4, 5, 6])(
    'of random cells (seed %d): each row is in one part, in order',
    async seed => {
      const random = numbers(seed);
      const ending = random(2) === 0 ? '\n' : '\r\n';
      const row = () => Array.from({ length: 4 }, () => cells[random(cells.length)]).join(',');
      const rows = Array.from({ length: 1200 }, row);
      const text = `a,b,"c\nd",e${ending}${rows.join(ending)}${random(2) === 0 ? ending : ''}`;
      const [head, ...expected] = rowsOf(text);
      const parts = (await partsOf(text, 20_000 + random(30_000))).map(rowsOf);
      expect(parts.length).toBeGreaterThan(3);
      expect(parts.map(([first]) => first)).toEqual(parts.map(() => head));
      expect(parts.flatMap(([, ...others]) => others)).toEqual(expected);
    },
  );

  test('without a line feed at the end, with one row that covers many parts', async () => {
    const text = `a,b\n1,2\n3,"${'x\n'.repeat(5000)}"\n5,6`;
    const parts = (await partsOf(text, 700)).map(rowsOf);
    expect(parts.flatMap(([, ...others]) => others)).toEqual(rowsOf(text).slice(1));
  });

  test('whose quoted cells look like rows: no division, rather than a wrong one', async () => {
    const trap = `"\n${'1,2\n'.repeat(60_000)}"`;
    await expect(partsOf(`a,b\n${trap},1\n3,4\n`, 50_000)).rejects.toMatchObject({ code: 'PARTS' });
  });
});

test.each([['\n'], [''], ['\n\n\n']])('JSON Lines that end with %j', async ending => {
  const lines = Array.from({ length: 500 }, (_, index) =>
    JSON.stringify({ index, text: '"\\n'.repeat(index % 50) }),
  );
  const text = `${lines.join('\n')}${ending}`;
  for (const partBytes of [1, 64, 333, 20_000].filter(bytes => text.length / bytes < 2000)) {
    const parts = await partsOf(text, partBytes, 'jsonl');
    expect(parts.join('')).toBe(text);
    expect(parts.flatMap(part => part.split('\n').filter(Boolean))).toEqual(lines);
  }
});
