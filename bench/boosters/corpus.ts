/**
 * Compares saved boosters with the answers of the libraries that saved them.
 *
 *     node bench/boosters/corpus.ts FOLDER
 *
 * FOLDER contains a folder per library, with a folder per model: `model.txt`, or `model.json` and `model.ubj`, with
 * `input.csv` and `expected.csv`, row by row; optionally `margin.csv`, `leaf.csv` and `contributions.csv`. It exits
 * with 1 if a label or a leaf differs, or a number by more than the library's precision.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

import type { Booster } from '../../lib/model/formats/booster.ts';
import { compileBooster } from '../../lib/model/formats/compile.ts';
import { readLightGbm } from '../../lib/model/formats/lightgbm/read.ts';
import { signatureOf } from '../../lib/model/formats/signature.ts';
import { readXgBoost } from '../../lib/model/formats/xgboost/read.ts';
import { openProgram } from '../../lib/runtime/engine/compiled/open-program.ts';
import { EngineTensor } from '../../lib/runtime/engine/tensor.ts';

type Row = Record<string, string>;

/** Largest relative differences: the last digits of a 64-bit or 32-bit sum. */
const tolerances = { LightGBM: 1e-12, XGBoost: 1e-6 };
/** Contributions are sums of many products, compared relative to the largest of their row. */
const contributionTolerances = { LightGBM: 1e-9, XGBoost: 1e-6 };

const isMissing = (cell: string | undefined) => cell === undefined || /^(na|n\/a|nan|null)?$/i.test(cell);

const [folder = ''] = process.argv.slice(2);
const readers: Record<string, (bytes: Buffer) => Booster> = {
  'model.txt': bytes => readLightGbm([bytes]),
  'model.json': bytes => readXgBoost(bytes, 'json'),
  'model.ubj': bytes => readXgBoost(bytes, 'ubj'),
};
const counts = { models: 0, rows: 0, different: 0 };
for (const library of readdirSync(folder)) {
  for (const name of readdirSync(join(folder, library))) {
    const dir = join(folder, library, name);
    for (const file of Object.keys(readers).filter(file => existsSync(join(dir, file)))) {
      const differences = compare(readers[file]!(readFileSync(join(dir, file))), dir);
      counts.models++;
      if (differences.length > 0) {
        counts.different++;
        console.log(`${library}/${name}/${file}: ${differences.join('; ')}`);
      }
    }
  }
}
console.log(counts);
process.exitCode = counts.different === 0 ? 0 : 1;

/** Lists the differences by output. */
function compare(booster: Booster, dir: string): string[] {
  const table = (file: string): Row[] =>
    existsSync(join(dir, file)) ? parse(readFileSync(join(dir, file)), { columns: true }) : [];
  const { program, weights } = compileBooster(booster);
  const { outputs } = signatureOf(booster);
  const session = openProgram(program, new Uint8Array(weights));
  const feeds = feedsOf(booster, table('input.csv'));
  const run = (name: string) => session.run(feeds, [name])[0]!;
  const expected = table('expected.csv');
  counts.rows += expected.length;
  const columns = Object.keys(expected[0]!);
  const tolerance = tolerances[booster.library];
  const differences: string[] = [];
  const check = (
    name: string,
    wanted: Row[],
    { keys = Object.keys(wanted[0] ?? {}), limit = tolerance, byRow = false },
  ) => {
    if (wanted.length === 0) {
      return;
    }
    if (!outputs.some(output => output.name === name)) {
      differences.push(`no output ${name}`);
      return;
    }
    const worst = farthest(
      run(name),
      wanted.map(row => keys.map(key => Number(row[key]?.replace('inf', 'Infinity')))),
      byRow,
    );
    if (!(worst <= limit)) {
      differences.push(`${name} differs by ${worst.toExponential(2)}`);
    }
  };
  if (outputs[0]!.name === 'label') {
    check('label', expected, { keys: ['_target'], limit: 0 });
    const keys = columns.filter(column => column.startsWith('probability'));
    check('probability', keys.length === 0 ? [] : expected, { keys });
  } else {
    check('prediction', expected, {});
  }
  check('margin', table('margin.csv'), {});
  check('leaf', table('leaf.csv'), { limit: 0 });
  const limit = contributionTolerances[booster.library];
  check('contributions', table('contributions.csv'), { limit, byRow: true });
  return differences;
}

function feedsOf(booster: Booster, rows: Row[]): Map<string, EngineTensor> {
  const numbers = booster.library === 'LightGBM' ? Float64Array : Float32Array;
  const type = booster.library === 'LightGBM' ? 'float64' : 'float32';
  const number = (cell: string | undefined) => (isMissing(cell) ? Number.NaN : Number(cell));
  const { inputs } = signatureOf(booster);
  return new Map(
    inputs.map(({ name, datatype, shape }): [string, EngineTensor] => {
      if (datatype === 'BYTES') {
        const text = rows.map(row => row[name] ?? '');
        return [name, new EngineTensor('string', text, [rows.length])];
      }
      const names = shape!.length === 2 ? booster.features.map(feature => feature.name) : [name];
      const data = numbers.from(rows.flatMap(row => names.map(column => number(row[column]))));
      return [
        name,
        new EngineTensor(type, data, shape!.length === 2 ? [rows.length, names.length] : [rows.length]),
      ];
    }),
  );
}

/** The largest difference, relative to each number, or to the largest of each row. */
function farthest({ data }: EngineTensor, wanted: number[][], byRow: boolean): number {
  const width = wanted[0]!.length;
  let worst = data.length === wanted.length * width ? 0 : Number.POSITIVE_INFINITY;
  for (const [row, numbers] of wanted.entries()) {
    const largest = Math.max(...numbers.map(Math.abs));
    for (const [column, want] of numbers.entries()) {
      const actual = Number(data[row * width + column]);
      const distance = actual === want ? 0 : Math.abs(actual - want) / (byRow ? largest : Math.abs(want));
      worst = Math.max(worst, Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance);
    }
  }
  return worst;
}
