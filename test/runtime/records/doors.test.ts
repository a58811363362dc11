import { join } from 'node:path';
import type { AttributeValue } from 'aws-lambda';
import type { ColumnSource } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ColdpressFunction } from '../../../lib/runtime/function.ts';
import { defineScore, type Score, tensor } from '../../../lib/runtime/score/define.ts';
import { type Json, makeScratch, openWith, pressIdentities } from '../http/models.ts';
import { doors, type Row } from './doors.ts';

const scratch = makeScratch();
let fn: ColdpressFunction;

beforeAll(async () => {
  fn = openWith(
    await pressIdentities(scratch.dir, 'columns', [
      ['age', 'age!', 'FLOAT', ['N']],
      ['count', 'count!', 'INT64', ['N']],
      ['active', 'active!', 'BOOL', ['N']],
      ['zip', 'zip!', 'STRING', ['N']],
    ]),
  );
});

afterAll(() => scratch.remove());

/** A value of one column, as each kind of place spells it; `absent` has no key or attribute at all. */
interface Case {
  column: 'age' | 'count' | 'active' | 'zip';
  csv: string;
  json: unknown;
  item: AttributeValue | 'absent';
  parquet: Omit<ColumnSource, 'name'>;
  /** What the model gets, in JSON; `undefined` where it is refused. */
  element: unknown;
}

const float = (value: number | null) => ({ data: [value], type: 'DOUBLE' as const });
const integer = (value: bigint | null) => ({ data: [value], type: 'INT64' as const });
const text = (value: string | null) => ({ data: [value], type: 'STRING' as const });
const flag = (value: boolean | null) => ({ data: [value], type: 'BOOLEAN' as const });

const cases: Case[] = [
  { column: 'age', csv: '', json: null, item: { NULL: true }, parquet: float(null), element: 'NaN' },
  { column: 'age', csv: ' ', json: undefined, item: 'absent', parquet: float(Number.NaN), element: 'NaN' },
  { column: 'age', csv: 'NA', json: 'NA', item: { S: 'NA' }, parquet: text('NA'), element: 'NaN' },
  { column: 'age', csv: 'N/A', json: '', item: { S: '' }, parquet: text(''), element: 'NaN' },
  { column: 'age', csv: 'nan', json: 'NaN', item: { S: 'null' }, parquet: text('nan'), element: 'NaN' },
  { column: 'age', csv: '007', json: 7, item: { N: '7' }, parquet: integer(7n), element: 7 },
  { column: 'age', csv: '+7', json: '007', item: { S: '+7' }, parquet: text('7.'), element: 7 },
  { column: 'age', csv: '.5', json: '.5', item: { N: '0.5' }, parquet: float(0.5), element: 0.5 },
  { column: 'age', csv: '1e3', json: 1e3, item: { N: '1E3' }, parquet: text('1e3'), element: 1000 },
  {
    column: 'age',
    csv: '-inf',
    json: '-Infinity',
    item: { S: '-inf' },
    parquet: float(Number.NEGATIVE_INFINITY),
    element: '-Infinity',
  },
  { column: 'age', csv: '1e39', json: 1e39, item: { N: '1E39' }, parquet: float(1e39), element: undefined },
  { column: 'age', csv: 'x', json: 'x', item: { S: 'x' }, parquet: text('x'), element: undefined },
  { column: 'age', csv: 'True', json: true, item: { BOOL: true }, parquet: flag(true), element: 1 },
  { column: 'count', csv: 'FALSE', json: 'False', item: { BOOL: false }, parquet: flag(false), element: 0 },
  { column: 'count', csv: '007', json: 7, item: { N: '7' }, parquet: integer(7n), element: 7 },
  { column: 'count', csv: '+7.0', json: '7.0', item: { S: '+7' }, parquet: float(7), element: 7 },
  {
    column: 'count',
    csv: '9007199254740993',
    json: '9007199254740993',
    item: { N: '9007199254740993' },
    parquet: integer(9007199254740993n),
    element: '9007199254740993',
  },
  { column: 'count', csv: '', json: null, item: { NULL: true }, parquet: integer(null), element: undefined },
  { column: 'count', csv: 'NA', json: undefined, item: 'absent', parquet: text('NA'), element: undefined },
  { column: 'count', csv: '1.5', json: 1.5, item: { N: '1.5' }, parquet: float(1.5), element: undefined },
  { column: 'active', csv: 'True', json: 'True', item: { BOOL: true }, parquet: flag(true), element: true },
  { column: 'active', csv: 'true', json: true, item: { S: 'true' }, parquet: text('true'), element: true },
  { column: 'active', csv: '1', json: 1, item: { N: '1' }, parquet: integer(1n), element: true },
  {
    column: 'active',
    csv: 'FALSE',
    json: 'False',
    item: { BOOL: false },
    parquet: flag(false),
    element: false,
  },
  { column: 'active', csv: '0', json: 0, item: { N: '0' }, parquet: integer(0n), element: false },
  { column: 'active', csv: '', json: null, item: 'absent', parquet: flag(null), element: undefined },
  { column: 'active', csv: 'yes', json: 'yes', item: { S: 'yes' }, parquet: text('yes'), element: undefined },
  { column: 'zip', csv: '007', json: '007', item: { S: '007' }, parquet: text('007'), element: '007' },
  { column: 'zip', csv: 'NA', json: 'NA', item: { S: 'NA' }, parquet: text('NA'), element: 'NA' },
  { column: 'zip', csv: '', json: '', item: { S: '' }, parquet: text(''), element: '' },
  {
    column: 'zip',
    csv: 'Zürich, "ZH"',
    json: 'Zürich, "ZH"',
    item: { S: 'Zürich, "ZH"' },
    parquet: text('Zürich, "ZH"'),
    element: 'Zürich, "ZH"',
  },
];

/** A row of good values, but for one column. */
function rowOf({ column, csv, json, item, parquet }: Case): Row {
  const { [column]: _, ...attributes } = {
    age: { N: '1' },
    count: { N: '2' },
    active: { BOOL: true },
    zip: { S: 'z' },
  };
  const columns = {
    age: float(1),
    count: integer(2n),
    active: flag(true),
    zip: text('z'),
    [column]: parquet,
  };
  return {
    csv: { age: '1', count: '2', active: 'true', zip: 'z', [column]: csv },
    json: { age: 1, count: 2, active: true, zip: 'z', [column]: json },
    item: item === 'absent' ? attributes : { ...attributes, [column]: item },
    parquet: Object.entries(columns).map(([name, source]) => ({ name, ...source })) as ColumnSource[],
  };
}

describe('a score with a schema of its own gets what JSON would have', () => {
  let seeing: ColdpressFunction;
  beforeAll(() => {
    const score = defineScore<Json, Json>({
      record: { '~standard': { version: 1, vendor: 'test', validate: value => ({ value }) } },
      encode: rows => ({
        age: tensor(
          'FP32',
          [rows.length],
          rows.map(() => 0),
        ),
        count: tensor(
          'INT64',
          [rows.length],
          rows.map(() => 0),
        ),
        active: tensor(
          'BOOL',
          [rows.length],
          rows.map(() => false),
        ),
        zip: tensor(
          'BYTES',
          [rows.length],
          rows.map(() => ''),
        ),
      }),
      decode: (_, rows) => rows.map(row => JSON.stringify(row)),
    });
    seeing = openWith(join(scratch.dir, 'columns'), { score: score as Score });
  });

  const seen = {
    age: null,
    count: '9007199254740993',
    active: true,
    zip: '007',
    plan: '007',
    since: 7,
    note: null,
  };
  const row: Row = {
    csv: {
      age: 'NA',
      count: '9007199254740993',
      active: 'True',
      zip: '007',
      plan: '007',
      since: '7',
      note: '',
    },
    json: seen,
    item: {
      age: { NULL: true },
      count: { N: '9007199254740993' },
      active: { BOOL: true },
      zip: { S: '007' },
      plan: { S: '007' },
      since: { N: '7' },
      note: { NULL: true },
    },
    parquet: [
      { name: 'age', ...float(Number.NaN) },
      { name: 'count', ...integer(9007199254740993n) },
      { name: 'active', ...flag(true) },
      { name: 'zip', ...text('007') },
      { name: 'plan', ...text('007') },
      { name: 'since', ...integer(7n) },
      { name: 'note', ...text(null) },
    ] as ColumnSource[],
  };
  const others = Object.entries(doors).filter(
    ([name]) => !/^samples|^coldpress batch, CSV|without$/.test(name),
  );

  test.each(others)('%s', async (_, door) => {
    const answer = (await door(row, seeing)) as { result: string };
    expect(JSON.parse(answer.result)).toEqual(seen);
  });
});

describe.each(Object.entries(doors))('%s', (name, door) => {
  test.each(cases)('$column: $csv is $element', async one => {
    const answer = await door(rowOf(one), fn);
    const good = { 'age!': 1, 'count!': 2, 'active!': true, 'zip!': 'z' };
    if (one.element === undefined) {
      expect(answer).toHaveProperty('refused', name.startsWith('samples') ? 'SAMPLES_INVALID' : 'RECORD');
    } else if (name === 'coldpress batch, CSV') {
      const cells = Object.values({ ...good, [`${one.column}!`]: one.element }).map(value => {
        const cell = String(value);
        return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
      });
      expect(answer).toEqual({ result: `1,${cells.join(',')},\r\n` });
    } else {
      expect(answer).toEqual({ result: { ...good, [`${one.column}!`]: one.element } });
    }
  });
});
