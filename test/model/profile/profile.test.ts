import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, test } from 'vitest';
import { randomNumbers } from '../../../bench/models/random.ts';
import type { CategoryColumn, NumberColumn, Profile } from '../../../lib/contract/profile.ts';
import type { OpenEngine } from '../../../lib/model/press/open-engine.ts';
import { binNumbers } from '../../../lib/model/profile/bin-numbers.ts';
import { categoryCounts } from '../../../lib/model/profile/category-counts.ts';
import { type ProfileOptions, profileData, unusualColumns } from '../../../lib/model/profile/profile-data.ts';
import { checkProfileModel, formatProfile, readProfile } from '../../../lib/model/profile/profile-file.ts';
import { npz } from '../samples/npy.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-profile-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let files = 0;
function write(ending: string, content: string | Uint8Array): string {
  files += 1;
  const path = join(scratch, `${files}${ending}`);
  writeFileSync(path, content);
  return path;
}

const ok = <T>(tensors: T) => ({ kind: 'answered' as const, ms: 0, outputs: [], tensors });

/** A model of `width` numbers, whose answer is their sum. */
function sumModel(width: number): Pick<ProfileOptions, 'engine' | 'manifest'> {
  const engine: OpenEngine = {
    async run([x]) {
      const rows = x!.dims[0]!;
      const data = Float32Array.from({ length: rows }, (_, row) =>
        Array.from(x!.data.slice(row * width, (row + 1) * width), Number).reduce((a, b) => a + b, 0),
      );
      return ok([{ name: 'sum', type: 'float32', dims: [rows, 1], data }]);
    },
    close() {},
  };
  return {
    engine,
    manifest: {
      name: 'sum',
      model: { path: '', sha256: 'ab'.repeat(32), sizeBytes: 0, passes: [], session: {} },
      rows: { independent: true },
      signature: {
        inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', width], rowAxis: 0, minShape: [0, width] }],
        outputs: [{ name: 'sum', datatype: 'FP32', shape: ['N', 1], rowAxis: 0 }],
      },
    },
  };
}

/** A model of an age and a plan, whose answer is the age. */
const people: Pick<ProfileOptions, 'engine' | 'manifest'> = {
  engine: {
    run: async ([age]) => ok([{ ...age!, name: 'score' }]),
    close() {},
  },
  manifest: {
    ...sumModel(2).manifest,
    signature: {
      inputs: [
        { name: 'age', datatype: 'FP32', shape: ['N', 1], rowAxis: 0, minShape: [0, 1] },
        { name: 'plan', datatype: 'BYTES', shape: ['N', 1], rowAxis: 0, minShape: [0, 1], category: true },
      ],
      outputs: [{ name: 'score', datatype: 'FP32', shape: ['N', 1], rowAxis: 0 }],
    },
  },
};

const csvOf = (header: string, rows: readonly unknown[][]) =>
  `${header}\n${rows.map(row => row.join()).join('\n')}\n`;

describe('formats', () => {
  const random = randomNumbers(1);
  const rows = Array.from({ length: 2500 }, () => [Math.fround(random()), Math.fround(random() ** 2)]);
  const columns = ['a', 'b'].map((name, index) => ({ name, data: rows.map(row => row[index]!) }));
  const formats: [string, string | Uint8Array][] = [
    ['.csv', csvOf('a,b', rows)],
    ['.jsonl', rows.map(([a, b]) => JSON.stringify({ a, b })).join('\n')],
    [
      '.parquet',
      new Uint8Array(
        parquetWriteBuffer({
          columnData: columns.map(column => ({ ...column, type: 'DOUBLE' as const })),
          rowGroupSize: 700,
        }),
      ),
    ],
  ];

  test('have the same profile, of which every bin is full', async () => {
    const profiles: Profile[] = [];
    for (const [ending, content] of formats) {
      profiles.push((await profileData(write(ending, content), sumModel(2))).profile);
    }
    const [first, ...others] = profiles;
    for (const other of others) {
      expect(other).toEqual(first);
    }
    expect(first!.rows).toBe(2500);
    for (const column of [...first!.features, ...first!.outputs] as NumberColumn[]) {
      expect(column.counts).toHaveLength(10);
      expect(Math.min(...column.counts)).toBeGreaterThan(240);
      expect(column.counts.reduce((sum, count) => sum + count)).toBe(2500);
    }
    expect(first!.features.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('an array of NPZ is an input', async () => {
    const data = Float32Array.from(rows.flat());
    const path = write('.npz', npz({ x: { dtype: '<f4', shape: [2500, 2], data } }));
    const { profile } = await profileData(path, sumModel(2));
    expect(profile.features).toMatchObject([
      { name: 'x[0]', rows: 2500 },
      { name: 'x[1]', rows: 2500 },
    ]);
  });

  test('more rows than are kept are counted all the same', { timeout: 60_000 }, async () => {
    const many = Array.from({ length: 45_000 }, (_, row) => [row, random()]);
    const { profile } = await profileData(write('.csv', csvOf('a,b', many)), sumModel(2));
    const [a] = profile.features as NumberColumn[];
    expect(a).toMatchObject({ rows: 45_000, range: [0, 46_000] });
    expect(a!.counts.reduce((sum, count) => sum + count)).toBe(45_000);
    expect(Math.max(...a!.counts.map(count => Math.abs(count - 4500)))).toBeLessThan(400);
    expect(profile.outputs[0]!.rows).toBe(10_000);
  });
});

describe('columns', () => {
  test('a category of fewer than 10 rows, or too long, is not stored', async () => {
    const plans = [
      ...Array(400).fill('basic'),
      ...Array(100).fill('"new\nline\u0007"'),
      ...Array(9).fill('rare'),
    ];
    const all = [...plans, ...Array(20).fill('x'.repeat(101))].map((plan, row) => [row, plan]);
    const { profile } = await profileData(write('.csv', csvOf('age,plan', all)), people);
    const plan = profile.features[1] as CategoryColumn;
    expect(plan.categories).toEqual(['basic', 'new\nline\u0007']);
    // Half of the rows chose the categories, and the others count them.
    expect(plan.counts.map((count, index) => count / [400, 100][index]!)).toEqual([
      expect.closeTo(0.5, 1),
      expect.closeTo(0.5, 1),
    ]);
    expect(plan.rows).toBe(plan.counts[0]! + plan.counts[1]! + plan.other);
    expect(JSON.parse(formatProfile(profile))).toEqual(profile);
    expect(formatProfile(profile)).not.toContain('rare');
  });

  test('a boolean counts as the same category in every spelling, unless the model takes exact text', async () => {
    const spellings = ['True', 'False', 'true', '0', 'TRUE', '1'];
    const all = Array.from({ length: 60 }, (_, row) => [row, spellings[row % spellings.length]]);
    const path = write('.csv', csvOf('age,plan', all));
    const plan = (await profileData(path, people)).profile.features[1] as CategoryColumn;
    expect(plan).toMatchObject({ isBoolean: true, other: 0, rows: 60 });
    const counted = Object.fromEntries(plan.categories.map((name, index) => [name, plan.counts[index]]));
    expect(counted).toEqual({ true: 40, false: 20 });

    const { manifest } = people;
    const inputs = manifest.signature.inputs.map(({ category, ...spec }) => spec);
    const exact = { ...people, manifest: { ...manifest, signature: { ...manifest.signature, inputs } } };
    const { features } = (await profileData(path, exact)).profile;
    expect((features[1] as CategoryColumn).categories.toSorted()).toEqual(spellings.toSorted());
    expect(features[1]).not.toHaveProperty('isBoolean');
  });

  test('the target is profiled apart, and columns of no use are named', async () => {
    const all = Array.from({ length: 60 }, (_, row) => [row, row, 'basic', row % 3 === 0 ? 'yes' : 'no']);
    const options = { ...people, target: 'left' };
    const { profile, ignored } = await profileData(write('.csv', csvOf('id,age,plan,left', all)), options);
    expect(ignored).toEqual(['id']);
    expect(profile.target).toMatchObject({ kind: 'category', categories: ['no', 'yes'], counts: [40, 20] });
  });

  test('features that the model knows are found by name', async () => {
    const all = Array.from({ length: 60 }, (_, row) => [row, 'text', -row]);
    const model = sumModel(2);
    const manifest = { ...model.manifest, features: ['b', 'a'] };
    const path = write('.csv', csvOf('a,id,b', all));
    const { profile, ignored } = await profileData(path, { ...model, manifest });
    expect(profile.features).toMatchObject([
      { name: 'b', range: [-60, 0] },
      { name: 'a', range: [0, 60] },
    ]);
    expect(ignored).toEqual(['id']);
  });

  test('constant columns, and those without any value', async () => {
    const all = Array.from({ length: 60 }, () => [7, '']);
    const { profile } = await profileData(write('.csv', csvOf('a,b', all)), sumModel(2));
    expect(profile.features).toMatchObject([
      { range: [7, 7], edges: [], counts: [60], missing: 0 },
      { range: null, edges: [], counts: [0], missing: 60 },
    ]);
    expect(unusualColumns(profile)).toMatchObject({ constant: ['a'], missing: ['b'] });
  });

  test('text without frequent categories, and with few of them, is named; categories that are all stored count every row', async () => {
    const all = Array.from({ length: 2000 }, (_, row) => [row, `id ${row}`]);
    const unusual = async (plan: (row: number) => string) => {
      const path = write(
        '.csv',
        csvOf(
          'age,plan',
          all.map(([age], row) => [age, plan(row)]),
        ),
      );
      const { profile } = await profileData(path, people);
      return { ...unusualColumns(profile), rows: profile.features[1]!.rows };
    };
    expect(await unusual(row => `id ${row}`)).toMatchObject({ unwatched: ['plan'], scattered: [] });
    expect(await unusual(row => (row % 5 === 0 ? 'basic' : `id ${row}`))).toMatchObject({
      unwatched: [],
      scattered: ['plan'],
    });
    expect(await unusual(row => `plan ${row % 49}`)).toMatchObject({
      unwatched: [],
      scattered: [],
      rows: 2000,
    });
  });

  test('10,000 columns of numbers are 16 projections', { timeout: 60_000 }, async () => {
    const random = randomNumbers(2);
    const rows = Array.from({ length: 60 }, () =>
      Array.from({ length: 10_000 }, () => Math.round(9 * random())),
    );
    const header = rows[0]!.map((_, index) => `c${index}`).join();
    const { profile } = await profileData(write('.csv', csvOf(header, rows)), sumModel(10_000));
    expect(profile.features).toHaveLength(16);
    expect(profile.features[3]).toMatchObject({ name: 'x{3}', place: { projection: 3 }, rows: 60 });
  });
});

describe('what cannot be profiled is one error', () => {
  const rows = Array.from({ length: 60 }, (_, row) => [row, 1]);
  test.each<[string, string, string, ProfileOptions['target'], string]>([
    ['one row', '.csv', 'a,b\n1,2\n', undefined, 'PROFILE_ROWS'],
    ['no row', '.csv', 'a,b\n', undefined, 'SAMPLES_INVALID'],
    [
      'a missing column',
      '.csv',
      csvOf(
        'a',
        rows.map(([a]) => [a]),
      ),
      undefined,
      'PROFILE_COLUMNS',
    ],
    [
      'a column too many',
      '.csv',
      csvOf(
        'a,b,c',
        rows.map(row => [...row, 1]),
      ),
      undefined,
      'PROFILE_COLUMNS',
    ],
    ['a target that is not there', '.csv', csvOf('a,b', rows), 'label', 'PROFILE_COLUMNS'],
    ['a type that changed', '.csv', csvOf('a,b', [...rows, ['old', 1]]), undefined, 'PROFILE_DATA'],
    ['another format', '.xlsx', '', undefined, 'SAMPLES_FORMAT'],
    ['what is no Parquet', '.parquet', 'a,b', undefined, 'SAMPLES_INVALID'],
  ])('%s', async (_, ending, content, target, code) => {
    const profiled = profileData(write(ending, content), { ...sumModel(2), target });
    await expect(profiled).rejects.toMatchObject({ name: 'ColdpressError', code });
  });

  test('a missing file', async () => {
    const profiled = profileData(join(scratch, 'none.csv'), sumModel(2));
    await expect(profiled).rejects.toMatchObject({ code: 'SAMPLES_MISSING' });
  });

  test('the row of a value that is refused is that of the file', async () => {
    const many = [...Array.from({ length: 1500 }, (_, row) => [row, 1]), ['old', 1]];
    const profiled = profileData(write('.csv', csvOf('a,b', many)), sumModel(2));
    await expect(profiled).rejects.toThrow(/row 1501, column "a"/);
  });

  test.each([
    ['no file', undefined, 'PROFILE_MISSING'],
    ['50 MB', ' '.repeat(50_000_000), 'PROFILE_SIZE'],
    ['no JSON', 'profile', 'PROFILE_INVALID'],
    ['other JSON', '{"a":1}', 'PROFILE_INVALID'],
    ['another version', '{"version":9,"features":[],"outputs":[]}', 'PROFILE_INVALID'],
    [
      'bins that are not whole',
      '{"version":1,"features":[{"kind":"number","edges":[1],"counts":[1],"place":{}}],"outputs":[]}',
      'PROFILE_INVALID',
    ],
  ])('a profile: %s', (_, content, code) => {
    const path = content === undefined ? join(scratch, 'no.json') : write('.json', content);
    expect(() => readProfile(path)).toThrow(expect.objectContaining({ code }));
  });

  test.each<[string, (profile: Profile) => unknown, RegExp]>([
    ['no model', ({ model: _, ...profile }) => profile, /model/],
    ['no outputs', ({ outputs: _, ...profile }) => profile, /outputs/],
    ['a column that is null', profile => ({ ...profile, features: [null] }), /features\.0/],
    [
      'counts of text',
      profile => ({ ...profile, features: [{ ...profile.features[0], counts: Array(6).fill('7') }] }),
      /features\.0\.counts\.0/,
    ],
    [
      'edges out of order',
      profile => ({ ...profile, features: [{ ...profile.features[0], edges: [5, 4, 3, 2, 1] }] }),
      /features\.0: its edges/,
    ],
  ])('a profile with %s names what is wrong', async (_, change, says) => {
    const { profile } = await profileData(write('.csv', csvOf('a,b', rows)), sumModel(2));
    const path = write('.json', JSON.stringify(profile));
    expect(readProfile(path)).toEqual(profile);
    writeFileSync(path, JSON.stringify(change(profile)));
    expect(() => readProfile(path)).toThrow(
      expect.objectContaining({ code: 'PROFILE_INVALID', message: expect.stringMatching(says) }),
    );
  });

  test('a profile that is missing: its hint can be pasted', () => {
    const hint = 'make it: npx coldpress profile DATA --out "/my data/no.json"';
    expect(() => readProfile('/my data/no.json')).toThrow(expect.objectContaining({ hint }));
  });

  test('a profile of another model', async () => {
    const { profile } = await profileData(write('.csv', csvOf('a,b', rows)), sumModel(2));
    expect(() => checkProfileModel(profile, 'p.json', profile.model)).not.toThrow();
    const check = () => checkProfileModel(profile, 'p.json', { sha256: 'cd'.repeat(32) });
    expect(check).toThrow(expect.objectContaining({ code: 'PROFILE_MODEL' }));
  });
});

describe('bins', () => {
  const bins = (values: readonly number[]) => {
    const edges = binNumbers(Float64Array.from(values));
    const counts = [0, ...edges.map(() => 0)];
    for (const value of values) {
      counts[edges.filter(edge => value >= edge).length]! += 1;
    }
    return counts;
  };
  const many = (value: number, count: number) => Array(count).fill(value);
  test.each<[string, number[], number[]]>([
    ['none', [], [0]],
    ['a constant', many(3, 100), [100]],
    ['two values', [...many(0, 90), ...many(1, 10)], [90, 10]],
    ['too few of the second value', [...many(0, 95), ...many(1, 5)], [100]],
    ['few rows', Array.from({ length: 50 }, (_, index) => index), [10, 10, 10, 10, 10]],
    [
      'a frequent value has its own',
      [...many(0, 500), ...Array.from({ length: 500 }, (_, index) => index + 1)],
      [500, ...many(56, 5), ...many(55, 4)],
    ],
  ])('%s', (_, values, counts) => {
    expect(bins(values).toSorted()).toEqual(counts.toSorted());
  });
});

test('frequent categories are found among more texts than are kept', () => {
  const counts = categoryCounts();
  for (let index = 0; index < 200_000; index += 1) {
    counts.add(index % 10 === 0 ? 'frequent' : `text ${index}`);
  }
  expect(counts.top()).toEqual(['frequent']);
});
