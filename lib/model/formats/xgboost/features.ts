import type { Feature } from '../booster.ts';
import { invalid } from '../invalid.ts';
import type { Fields } from './fields.ts';

/** Reads the columns: names and types if the model has them, and since version 3.1 the categories by their codes. */
export function readFeatures(learner: Fields, model: Fields, count: number): Feature[] {
  const names = learner.strings('feature_names');
  const types = learner.strings('feature_types');
  const encodings =
    model.has('cats') && model.object('cats').has('enc') ? model.object('cats').objects('enc') : [];
  for (const [what, list] of [
    ['feature_names', names],
    ['feature_types', types],
    ['cats.enc', encodings],
  ] as const) {
    if (list.length !== 0 && list.length !== count) {
      throw invalid('XGBoost', `it has ${list.length} ${what} for ${count} features`);
    }
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw invalid('XGBoost', `two features are called ${JSON.stringify(twice)}`);
  }
  return Array.from({ length: count }, (_, index) => {
    const known = encodings[index] && readCategories(encodings[index]);
    // An indicator feature is true or false.
    const categories = types[index] === 'i' ? [false, true] : known;
    return {
      // The library's own default names, used when training had none.
      name: names[index] ?? `f${index}`,
      isCategorical: types[index] === 'c',
      ...(categories !== undefined && categories.length > 0 && { categories }),
    };
  });
}

/** Strings are stored as concatenated bytes with their offsets; numbers are stored directly. */
function readCategories(encoding: Fields): (string | number)[] {
  const values = Array.from(encoding.numbers('values'));
  const offsets = Array.from(encoding.numbers('offsets'));
  if (offsets.length === 0) {
    return values;
  }
  return offsets.slice(1).map((end, index) => {
    const start = offsets[index]!;
    if (!(start >= 0 && end >= start && end <= values.length)) {
      throw invalid('XGBoost', 'its categories do not fit each other');
    }
    return Buffer.from(values.slice(start, end)).toString('utf8');
  });
}
