import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { datatypes } from '../../lib/contract/datatypes.ts';

const text = readFileSync(new URL('../../docs/values.md', import.meta.url), 'utf8');
const rows = [...text.matchAll(/^\| `(\w+)` \|(.*)\|$/gm)].map(([, name, rest]) => ({
  name,
  cells: rest!.split('|').map(cell => cell.trim()),
}));

const json = {
  boolean: /true/,
  integer: /^whole number$/,
  bigint: /string of digits/,
  float: /^number$/,
  string: /^string$/,
};

test('docs/values.md has a row for every datatype, and each says what the code does', () => {
  expect(rows.map(row => row.name)).toEqual(Object.keys(datatypes));
  for (const [index, [name, codec]] of Object.entries(datatypes).entries()) {
    const [, inJson, array, bytes] = rows[index]!.cells;
    expect([name, inJson]).toEqual([name, expect.stringMatching(json[codec.json])]);
    expect([name, array]).toEqual([name, expect.stringContaining(codec.array?.name ?? 'array of strings')]);
    expect([name, bytes]).toEqual([
      name,
      expect.stringContaining(String(codec.array?.BYTES_PER_ELEMENT ?? 4)),
    ]);
  }
});
