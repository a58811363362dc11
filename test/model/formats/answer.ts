import type { Booster } from '../../../lib/model/formats/booster.ts';
import { compileBooster } from '../../../lib/model/formats/compile.ts';
import { signatureOf } from '../../../lib/model/formats/signature.ts';
import { openProgram } from '../../../lib/runtime/engine/compiled/open-program.ts';
import { EngineTensor } from '../../../lib/runtime/engine/tensor.ts';

/** Rows of numbers, or of text where a feature has categories by name. */
export type Row = (number | string)[];

/** The answers of a booster to rows, output by output, save those that must be asked for. */
export function answer(booster: Booster, rows: Row[]): Record<string, unknown[]> {
  const names = signatureOf(booster).outputs.flatMap(({ name, onRequest }) => (onRequest ? [] : name));
  const tensors = run(booster, rows, names);
  return Object.fromEntries(tensors.map(({ data }, index) => [names[index]!, [...data]]));
}

/** What each feature adds to the sum of one row, and last what all rows have in common. */
export function contributions(booster: Booster, row: Row): unknown[] {
  return [...run(booster, [row], ['contributions'])[0]!.data];
}

function run(booster: Booster, rows: Row[], names: string[]): EngineTensor[] {
  const { program, weights } = compileBooster(booster);
  const { inputs } = signatureOf(booster);
  const [type, Numbers] =
    booster.library === 'LightGBM'
      ? (['float64', Float64Array] as const)
      : (['float32', Float32Array] as const);
  const feeds = inputs.map(({ name, datatype, shape }, index): [string, EngineTensor] => {
    const dims = shape!.length === 2 ? [rows.length, booster.features.length] : [rows.length];
    const values = shape!.length === 2 ? rows.flat() : rows.map(row => row[index]!);
    const data = datatype === 'BYTES' ? values.map(String) : Numbers.from(values as number[]);
    return [name, new EngineTensor(datatype === 'BYTES' ? 'string' : type, data, dims)];
  });
  return openProgram(program, new Uint8Array(weights)).run(new Map(feeds), names);
}
