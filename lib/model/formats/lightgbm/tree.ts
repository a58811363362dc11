import { type LinearLeaf, MISSING_NAN, MISSING_NONE, MISSING_ZERO, type Tree } from '../booster.ts';
import { invalid, unsupported } from '../invalid.ts';
import { numbersOf } from './lines.ts';

/** Bits of `decision_type`. */
const CATEGORICAL = 1;
const DEFAULT_LEFT = 2;
const missingTypes = [MISSING_NONE, MISSING_ZERO, MISSING_NAN];

const noCategories: Tree['categories'] = new Map();

/** More leaves than this cannot occur in a tree whose nodes are numbered in 32 bits. */
const mostLeaves = 2 ** 24;

/** Names of the lines that `readTree` reads. The other lines, such as gains, are nearly half of the file. */
export const treeLines: ReadonlySet<string> = new Set([
  'num_leaves',
  'split_feature',
  'threshold',
  'decision_type',
  'left_child',
  'right_child',
  'leaf_value',
  'leaf_count',
  'internal_count',
  'cat_boundaries',
  'cat_threshold',
  'is_linear',
  'leaf_const',
  'num_features',
  'leaf_features',
  'leaf_coeff',
]);

/**
 * Reads a tree of a LightGBM model. Its splits come first, then its leaves, which the file numbers ~0, ~1 and so on.
 * @param section - the lines `name=value` after `Tree=`
 */
export function readTree(section: ReadonlyMap<string, string>, index: number): Tree {
  const wrong = (what: string) => invalid('LightGBM', `tree ${index} ${what}`);
  const leaves = Number(section.get('num_leaves'));
  if (!Number.isInteger(leaves) || leaves < 1 || leaves > mostLeaves) {
    throw wrong(`has num_leaves=${section.get('num_leaves')}`);
  }
  const splits = leaves - 1;
  const list = (name: string, length: number): Float64Array => {
    const numbers = numbersOf(section.get(name), `${name} of tree ${index}`);
    if (numbers.length !== length) {
      throw wrong(`has ${numbers.length} numbers in ${name}; expected ${length}`);
    }
    return numbers;
  };
  const features = list('split_feature', splits);
  const thresholds = list('threshold', splits);
  const types = list('decision_type', splits);
  const nodes = splits + leaves;
  // The file numbers leaves as ~number; here they follow the splits.
  const child = (number: number) => (number < 0 ? splits + ~number : number);
  const tree: Tree = {
    left: new Int32Array(nodes).fill(-1),
    right: new Int32Array(nodes).fill(-1),
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    value: new Float64Array(nodes),
    defaultLeft: new Uint8Array(nodes),
    missing: new Uint8Array(nodes),
    categories: noCategories,
    cover: new Float64Array(nodes),
  };
  tree.left.set(list('left_child', splits).map(child));
  tree.right.set(list('right_child', splits).map(child));
  tree.feature.set(features);
  tree.threshold.set(thresholds);
  tree.value.set(list('leaf_value', leaves), splits);
  if (section.has('leaf_count')) {
    tree.cover.set(section.has('internal_count') ? list('internal_count', splits) : []);
    tree.cover.set(list('leaf_count', leaves), splits);
  }
  const isCategorical = (split: number) => (types[split]! & CATEGORICAL) !== 0;
  const sets = types.some(type => (type & CATEGORICAL) !== 0) ? readSets(section, index) : [];
  const categories = new Map<number, Uint32Array>();
  for (let split = 0; split < splits; split++) {
    const missing = missingTypes[(types[split]! >> 2) & 3];
    if (missing === undefined) {
      throw unsupported('LightGBM', `decision_type ${types[split]}, which coldpress does not know`);
    }
    tree.missing[split] = missing;
    tree.defaultLeft[split] = (types[split]! & DEFAULT_LEFT) === 0 ? 0 : 1;
    if (isCategorical(split)) {
      const set = sets[thresholds[split]!];
      if (set === undefined) {
        throw wrong(`has no set ${thresholds[split]} of categories`);
      }
      categories.set(split, set);
    }
  }
  const linear =
    section.get('is_linear') === '1' ? readLinear(section, { index, splits, leaves }) : undefined;
  return { ...tree, ...(categories.size > 0 && { categories }), ...(linear && { linear }) };
}

/** Reads sets of categories, one bit per category. */
function readSets(section: ReadonlyMap<string, string>, index: number): Uint32Array[] {
  const boundaries = numbersOf(section.get('cat_boundaries'), 'cat_boundaries');
  const words = Uint32Array.from(numbersOf(section.get('cat_threshold'), 'cat_threshold'));
  return Array.from({ length: Math.max(0, boundaries.length - 1) }, (_, set) => {
    const [start, end] = [boundaries[set]!, boundaries[set + 1]!];
    if (!(start >= 0 && end >= start && end <= words.length)) {
      throw invalid('LightGBM', `tree ${index} has cat_boundaries beyond its cat_threshold`);
    }
    return words.slice(start, end);
  });
}

/** Reads linear leaves: the features of all leaves are in one list, leaf after leaf. */
function readLinear(
  section: ReadonlyMap<string, string>,
  { index, splits, leaves }: { index: number; splits: number; leaves: number },
): Map<number, LinearLeaf> {
  const constants = numbersOf(section.get('leaf_const'), 'leaf_const');
  const counts = numbersOf(section.get('num_features'), 'num_features');
  const features = numbersOf(section.get('leaf_features'), 'leaf_features');
  const coefficients = numbersOf(section.get('leaf_coeff'), 'leaf_coeff');
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (
    constants.length !== leaves ||
    counts.length !== leaves ||
    features.length !== total ||
    coefficients.length !== total
  ) {
    throw invalid('LightGBM', `tree ${index} has linear leaves whose lists do not fit each other`);
  }
  let start = 0;
  return new Map(
    Array.from(counts, (count, leaf): [number, LinearLeaf] => {
      const end = start + count;
      const linear = {
        constant: constants[leaf]!,
        features: [...features.subarray(start, end)],
        coefficients: [...coefficients.subarray(start, end)],
      };
      start = end;
      return [splits + leaf, linear];
    }),
  );
}
