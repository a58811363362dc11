/**
 * Compares boosters as their libraries saved them with what those libraries answered.
 *
 *     node bench/boosters/corpus.ts FOLDER
 *
 * FOLDER holds a folder a library, and in it a folder a model: `model.txt`, or `model.json` and `model.ubj`, with
 * `input.csv` and `expected.csv`, row by row.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

const isMissing = (cell: string | undefined) => cell === undefined || /^(na|n\/a|nan|null)?$/i.test(cell);

import type { Booster } from '../../lib/model/formats/booster.ts';
import { compileBooster } from '../../lib/model/formats/compile.ts';
import { readLightGbm } from '../../lib/model/formats/lightgbm/read.ts';
import { signatureOf } from '../../lib/model/formats/signature.ts';
import { readXgBoost } from '../../lib/model/formats/xgboost/read.ts';
import { openProgram } from '../../lib/runtime/engine/compiled/open-program.ts';
import { EngineTensor } from '../../lib/runtime/engine/tensor.ts';

type Row = Record<string, string>;

const [folder = ''] = process.argv.slice(2);
for (const library of readdirSync(folder)) {
  for (const name of readdirSync(join(folder, library))) {
    const dir = join(folder, library, name);
    const table = (file: string): Row[] => parse(readFileSync(join(dir, file)), { columns: true });
    const boosters: [string, () => Booster][] = [
      ['model.txt', () => readLightGbm(readFileSync(join(dir, 'model.txt')))],
      ['model.json', () => readXgBoost(readFileSync(join(dir, 'model.json')), 'json')],
      ['model.ubj', () => readXgBoost(readFileSync(join(dir, 'model.ubj')), 'ubj')],
    ];
    for (const [file, read] of boosters.filter(([file]) => existsSync(join(dir, file)))) {
      const reasons = existsSync(join(dir, 'contributions.csv')) ? table('contributions.csv') : [];
      const found = compare(read(), table('input.csv'), { expected: table('expected.csv'), reasons });
      console.log(`${library}/${name}/${file}: ${found}`);
    }
  }
}

function compare(
  booster: Booster,
  rows: Row[],
  { expected, reasons }: { expected: Row[]; reasons: Row[] },
): string {
  const { program, weights } = compileBooster(booster);
  const { inputs, outputs } = signatureOf(booster);
  const session = openProgram(program, new Uint8Array(weights));
  const numbers = booster.library === 'LightGBM' ? Float64Array : Float32Array;
  const type = booster.library === 'LightGBM' ? 'float64' : 'float32';
  const number = (cell: string | undefined) => (isMissing(cell) ? Number.NaN : Number(cell));
  const feeds = inputs.map(({ name, datatype, shape }): [string, EngineTensor] => {
    if (datatype === 'BYTES') {
      return [
        name,
        new EngineTensor(
          'string',
          rows.map(row => row[name] ?? ''),
          [rows.length],
        ),
      ];
    }
    const names = shape!.length === 2 ? booster.features.map(feature => feature.name) : [name];
    const data = numbers.from(rows.flatMap(row => names.map(column => number(row[column]))));
    return [
      name,
      new EngineTensor(type, data, shape!.length === 2 ? [rows.length, names.length] : [rows.length]),
    ];
  });
  const names = outputs.flatMap(({ name, onRequest }) => (onRequest ? [] : name));
  const answers = session.run(new Map(feeds), names);
  let wrongLabels = 0;
  let worst = 0;
  const check = (actual: number, want: number) => {
    const distance = actual === want ? 0 : Math.abs(actual - want) / Math.abs(want);
    worst = Math.max(worst, Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance);
  };
  for (const [row, want] of expected.entries()) {
    if (names.includes('label')) {
      const [label, probability] = answers as [EngineTensor, EngineTensor];
      wrongLabels += Number(String(label.data[row]) !== want._target);
      const classes = probability.dims[1]!;
      for (let i = 0; i < classes; i++) {
        check(probability.data[row * classes + i] as number, Number(want[`probability(${i})`]));
      }
      continue;
    }
    const [{ data, dims }] = answers as [EngineTensor];
    for (const [column, text] of Object.values(want).entries()) {
      check(data[row * (dims[1] ?? 1) + column] as number, Number(text));
    }
  }
  let furthest = 0;
  if (reasons.length > 0) {
    const [{ data }] = session.run(new Map(feeds), ['contributions']) as [EngineTensor];
    const wanted = reasons.flatMap(row => Object.values(row).map(Number));
    const scale = Math.max(1, ...wanted.map(Math.abs));
    for (const [index, want] of wanted.entries()) {
      furthest = Math.max(furthest, Math.abs((data[index] as number) - want) / scale);
    }
  }
  return `${expected.length} rows, ${wrongLabels} labels wrong, largest relative difference ${worst.toExponential(2)}, of contributions ${furthest.toExponential(2)}`;
}
