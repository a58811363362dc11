import { MISSING_NAN, type Tree } from '../booster.ts';
import { invalid } from '../invalid.ts';
import type { Fields } from './fields.ts';

/** XGBoost rejects categories that no 32-bit float represents exactly. */
const mostCategory = 2 ** 24;

/** Reads a tree of an XGBoost model: one list for each property of its nodes. */
export function readTree(fields: Fields, index: number): Tree {
  const left = Int32Array.from(fields.numbers('left_children'));
  const count = left.length;
  const list = (name: string, length = count): ArrayLike<number> => {
    const numbers = fields.numbers(name);
    if (numbers.length !== length) {
      throw invalid('XGBoost', `tree ${index} has ${numbers.length} numbers in ${name}; expected ${length}`);
    }
    return numbers;
  };
  const right = Int32Array.from(list('right_children'));
  // In JSON, thresholds have just enough digits to identify the 32-bit float.
  const conditions = Float64Array.from(list('split_conditions'), Math.fround);
  const size = fields.has('tree_param') ? fields.object('tree_param').number('size_leaf_vector', 1) : 1;
  return {
    left,
    right,
    feature: Int32Array.from(list('split_indices')),
    threshold: conditions,
    value: conditions,
    defaultLeft: Uint8Array.from(list('default_left')),
    missing: new Uint8Array(count).fill(MISSING_NAN),
    categories: readCategories(fields, index, count),
    ...(size > 1 && { vectors: readVectors(fields, { index, size, left, right }) }),
    cover: Float64Array.from(
      fields.has('sum_hessian') ? list('sum_hessian') : new Float64Array(count).fill(Number.NaN),
    ),
  };
}

/**
 * Reads the weights of leaves that have several. Since version 3.2 they are a list of leaves, and the "right child" of
 * a leaf is its index in it; in earlier versions all nodes have theirs in `base_weights`.
 */
function readVectors(
  fields: Fields,
  { index, size, left, right }: { index: number; size: number; left: Int32Array; right: Int32Array },
): NonNullable<Tree['vectors']> {
  const isOfLeaves = fields.has('leaf_weights');
  const all = fields.numbers(isOfLeaves ? 'leaf_weights' : 'base_weights');
  const values = new Float64Array(size * left.length);
  for (let node = 0; node < left.length; node++) {
    const place = isOfLeaves ? right[node]! : node;
    for (let target = 0; left[node] === -1 && target < size; target++) {
      const value = all[place * size + target];
      if (value === undefined || !Number.isFinite(value)) {
        throw invalid(
          'XGBoost',
          `tree ${index} has leaves of ${size} values, and no ${target} of node ${node}`,
        );
      }
      values[node * size + target] = value;
    }
  }
  return { size, values };
}

/** Reads the categories that go to the right, by categorical split. */
function readCategories(fields: Fields, index: number, count: number): Map<number, Uint32Array> {
  const nodes = fields.numbers('categories_nodes');
  const segments = fields.numbers('categories_segments');
  const sizes = fields.numbers('categories_sizes');
  const all = fields.numbers('categories');
  const wrong = () => invalid('XGBoost', `tree ${index} has categories that do not fit each other`);
  if (segments.length !== nodes.length || sizes.length !== nodes.length) {
    throw wrong();
  }
  return new Map(
    Array.from(nodes, (node, at): [number, Uint32Array] => {
      const [start, size] = [segments[at]!, sizes[at]!];
      if (!(node >= 0 && node < count && start >= 0 && size >= 0 && start + size <= all.length)) {
        throw wrong();
      }
      const right = Array.from({ length: size }, (_, i) => all[start + i]!);
      const most = Math.max(-1, ...right);
      if (right.some(category => !Number.isInteger(category) || category < 0) || most >= mostCategory) {
        throw wrong();
      }
      const bits = new Uint32Array((most >> 5) + 1);
      for (const category of right) {
        bits[category >> 5]! |= 1 << (category & 31);
      }
      return [node, bits];
    }),
  );
}
