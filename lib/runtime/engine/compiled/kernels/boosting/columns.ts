import { EngineTensor } from '../../../tensor.ts';
import type { Kernel } from '../../kernel.ts';

export interface ColumnsSettings {
  type: 'float32' | 'float64';
  names: string[];
  /** For each feature, the record values for code 0, 1 and so on, as JSON; `null` if its numbers are used unchanged. */
  categories: string[];
  /** Whether an unknown category is an error, as in XGBoost, or missing, as in LightGBM. */
  isStrict: boolean;
}

/** Spellings of a missing value, for text that is not a category. */
const missing = new Set(['', 'na', 'n/a', 'nan', 'null']);

type Categories = (string | number | boolean)[];
type ToCode = (value: number | string) => number;

/**
 * Builds the rows of a booster, `[N, features]`, from one tensor with all features or a tensor `[N]` or `[N, 1]` for
 * each. Categories become the codes that the model was trained with.
 */
export const boosterColumns: Kernel<ColumnsSettings> = ({ type, names, categories, isStrict }) => {
  const codes = categories.map((list, index) => coder(JSON.parse(list), names[index]!, isStrict));
  const columns = names.length;
  const Numbers = type === 'float32' ? Float32Array : Float64Array;
  return (...inputs: EngineTensor[]) => {
    const isMatrix = inputs.length === 1 && (columns > 1 || inputs[0]!.dims.length === 2);
    const rows = inputs[0]!.dims[0] ?? 1;
    if (isMatrix && (inputs[0]!.dims.length !== 2 || inputs[0]!.dims[1] !== columns)) {
      throw new Error(`the model expects rows of ${columns} features; the input has [${inputs[0]!.dims}]`);
    }
    const out = new Numbers(rows * columns);
    for (let column = 0; column < columns; column++) {
      const tensor = isMatrix ? inputs[0]! : inputs[column]!;
      const [start, step] = isMatrix ? [column, columns] : [0, 1];
      if (tensor.data.length !== rows * (isMatrix ? columns : 1)) {
        throw new Error(`"${names[column]}" has ${tensor.data.length} values for ${rows} records`);
      }
      const code = codes[column];
      for (let row = 0; row < rows; row++) {
        const value = tensor.data[start + row * step] as number | string;
        out[row * columns + column] = code === undefined ? (value as number) : code(value);
      }
    }
    return [new EngineTensor(type, out, [rows, columns])];
  };
};

function coder(categories: Categories | null, name: string, isStrict: boolean): ToCode | undefined {
  if (categories === null) {
    return undefined;
  }
  const isText = categories.some(category => typeof category !== 'number');
  const codes = new Map<number | string, number>();
  for (const [code, category] of categories.entries()) {
    for (const spelling of isText ? spellings(category) : [category as number]) {
      codes.set(spelling, code);
    }
  }
  return value => {
    const text = typeof value === 'string' ? value.trim() : value;
    const code =
      codes.get(value) ?? codes.get(text) ?? (typeof text === 'string' && codes.get(text.toLowerCase()));
    if (typeof code === 'number') {
      return code;
    }
    const isMissing = typeof text === 'string' ? missing.has(text.toLowerCase()) : Number.isNaN(text);
    if (isStrict && !isMissing) {
      throw new Error(`"${name}" has no category ${JSON.stringify(value).slice(0, 60)}`);
    }
    return Number.NaN;
  };
}

/** Returns the spellings of a category; booleans have two common ones. */
function spellings(category: string | number | boolean): string[] {
  return typeof category === 'boolean' ? [String(category), String(Number(category))] : [String(category)];
}
