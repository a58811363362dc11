import type { Feature } from '../booster.ts';
import { invalid } from '../invalid.ts';

/**
 * Reads the columns of a LightGBM model. In `feature_infos`, categorical columns list their codes and others have a
 * range. pandas's categories are at the end of the file: a list for each categorical column, in column order.
 * @param splitBySets - features that some tree splits by sets of categories
 */
export function readFeatures(
  header: ReadonlyMap<string, string>,
  pandas: unknown,
  splitBySets: ReadonlySet<number>,
): Feature[] {
  const count = Number(header.get('max_feature_idx')) + 1;
  const names = (header.get('feature_names') ?? '').split(' ');
  const infos = (header.get('feature_infos') ?? '').split(' ');
  if (!Number.isInteger(count) || count < 1 || names.length !== count) {
    throw invalid(
      'LightGBM',
      `it has ${names.length} feature_names; max_feature_idx=${header.get('max_feature_idx')}`,
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw invalid('LightGBM', `two features are called ${JSON.stringify(twice)}`);
  }
  const features: Feature[] = names.map((name, index) => ({
    name,
    isCategorical: splitBySets.has(index) || /^-?\d+(:|$)/.test(infos[index] ?? ''),
  }));
  const lists = listsOf(pandas);
  if (lists.length === 0) {
    return features;
  }
  const categorical = features.filter(feature => feature.isCategorical);
  // A column that training found useless has "none", whatever its kind.
  const perhaps = features.filter((feature, index) => feature.isCategorical || infos[index] === 'none');
  const owners = [categorical, perhaps].find(some => some.length === lists.length);
  if (owners === undefined) {
    throw invalid(
      'LightGBM',
      `pandas_categorical has ${lists.length} lists; ${categorical.length} of its features are categorical`,
    );
  }
  for (const [index, feature] of owners.entries()) {
    feature.categories = lists[index]!;
  }
  return features;
}

function listsOf(pandas: unknown): (string | number | boolean)[][] {
  if (pandas === null || pandas === undefined) {
    return [];
  }
  const isValue = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
  if (!Array.isArray(pandas) || !pandas.every(list => Array.isArray(list) && list.every(isValue))) {
    throw invalid('LightGBM', 'pandas_categorical is not a list of lists of categories');
  }
  return pandas;
}
