import { MISSING_NAN, type Tree } from '../booster.ts';
import { invalid, unsupported } from '../invalid.ts';
import type { Fields } from './fields.ts';

/** A category that no 32-bit float holds exactly is invalid to XGBoost. */
const mostCategory = 2 ** 24;

/** A tree of an XGBoost model: a list for each property of its nodes. */
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
  // In JSON they have the digits that tell one 32-bit float from the next.
  const conditions = Float64Array.from(list('split_conditions'), Math.fround);
  const size = fields.has('tree_param') ? fields.object('tree_param').number('size_leaf_vector', 1) : 1;
  return {
    left,
    right: Int32Array.from(list('right_children')),
    feature: Int32Array.from(list('split_indices')),
    threshold: conditions,
    value: conditions,
    defaultLeft: Uint8Array.from(list('default_left')),
    missing: new Uint8Array(count).fill(MISSING_NAN),
    categories: readCategories(fields, index, count),
    ...(size > 1 && { vectors: readVectors(fields, { index, size, count }) }),
    cover: Float64Array.from(fields.has('sum_hessian') ? list('sum_hessian') : new Float64Array(count)),
  };
}

/** Weights of leaves that have several: those of all nodes, one after another. */
function readVectors(
  fields: Fields,
  { index, size, count }: { index: number; size: number; count: number },
): NonNullable<Tree['vectors']> {
  const values = Float64Array.from(fields.numbers('base_weights'));
  if (values.length !== size * count) {
    throw unsupported('XGBoost', `tree ${index} with leaves of ${size} values in a layout that is not known`);
  }
  return { size, values };
}

/** Of each categorical split the categories that go to the right. */
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
