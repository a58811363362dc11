import { EngineTensor } from '../../tensor.ts';
import { allocate } from '../allocate.ts';
import type { Kernel } from '../kernel.ts';

type Item = string | number;

interface Settings {
  mode: 'TF' | 'IDF' | 'TFIDF';
  shortest: number;
  longest: number;
  /** The maximum number of items skipped between two items of an n-gram. */
  skips: number;
  /** The items of all n-grams, shorter ones first; `starts` contains where those of each length begin. */
  pool: string[] | BigInt64Array;
  starts: number[];
  /** The output column of each n-gram. */
  columns: Int32Array;
  /** The weight of each n-gram. */
  weights: Float32Array | null;
}

/** A trie of n-grams, with one level per item. */
interface Node {
  column: number;
  next: Map<Item, Node>;
}

/** https://onnx.ai/onnx/operators/onnx__TfIdfVectorizer.html */
export const tfIdfVectorizer: Kernel<Settings> = settings => {
  const { mode, columns, weights } = settings;
  const root = indexPool(settings);
  const width = columns.reduce((most, column) => Math.max(most, column + 1), 0);
  const scales = new Float32Array(width);
  for (const [ngram, column] of columns.entries()) {
    scales[column] = weights === null ? 1 : weights[ngram]!;
  }
  return ({ type, data, dims }: EngineTensor) => {
    if (dims.length > 2 || (dims.length === 2 && dims[0] === 0)) {
      throw new Error(`TfIdfVectorizer: the input is [${dims.join(', ')}]; expected [C] or [B, C]`);
    }
    const rows = dims.length === 2 ? dims[0]! : 1;
    const out = allocate('TfIdfVectorizer', 'float32', [rows, width]);
    const items = type === 'string' ? (data as string[]) : Array.from(data as Int32Array, Number);
    const length = items.length / rows;
    for (let row = 0; row < rows; row++) {
      const own = out.subarray(row * width, (row + 1) * width);
      countRow(settings, { root, items, start: row * length, end: (row + 1) * length }, own);
    }
    if (mode !== 'TF') {
      for (let i = 0; i < out.length; i++) {
        const count = mode === 'IDF' ? Number(out[i]! > 0) : out[i]!;
        out[i] = count * scales[i % width]!;
      }
    }
    return [new EngineTensor('float32', out, dims.length === 2 ? [rows, width] : [width])];
  };
};

function indexPool({ pool, starts, columns, shortest, longest }: Settings): Node {
  const root: Node = { column: -1, next: new Map() };
  let ngram = 0;
  for (const [index, start] of starts.entries()) {
    const length = index + 1;
    const end = starts[length] ?? pool.length;
    for (let at = start; at + length <= end; at += length, ngram++) {
      if (length < shortest || length > longest) {
        continue;
      }
      let node = root;
      for (let i = at; i < at + length; i++) {
        const item = toItem(pool[i]!);
        const next = node.next.get(item) ?? { column: -1, next: new Map() };
        node.next.set(item, next);
        node = next;
      }
      node.column = columns[ngram]!;
    }
  }
  return root;
}

function toItem(value: string | bigint): Item {
  return typeof value === 'bigint' ? Number(value) : value;
}

/** Counts the n-grams that begin at each item; single items once, longer ones for each distance between items. */
function countRow(
  { shortest, longest, skips }: Settings,
  { root, items, start, end }: { root: Node; items: Item[]; start: number; end: number },
  out: Float32Array,
): void {
  const count = (node: Node | undefined) => {
    if (node !== undefined && node.column >= 0) {
      out[node.column] = out[node.column]! + 1;
    }
  };
  if (shortest === 1) {
    for (let at = start; at < end; at++) {
      count(root.next.get(items[at]!));
    }
  }
  if (longest === 1) {
    return;
  }
  for (let distance = 1; distance <= skips + 1; distance++) {
    for (let first = start; first < end; first++) {
      let node = root.next.get(items[first]!);
      for (
        let length = 2, at = first + distance;
        length <= longest && at < end && node !== undefined;
        length++, at += distance
      ) {
        node = node.next.get(items[at]!);
        if (length >= shortest) {
          count(node);
        }
      }
    }
  }
}
