import { multiplyPanels, panelColumns } from './multiply-panels.ts';
import { sgemmCode } from './sgemm-code.ts';
import { type Memory, webAssembly } from './web-assembly.ts';

/**
 * A matrix of 32-bit floats to multiply rows by, laid out for it once. WebAssembly multiplies four numbers at a time:
 * 6 µs for 784 × 128 where JavaScript takes 115 (Node 24, x64). Where the platform refuses to compile WebAssembly, as
 * Cloudflare's does, JavaScript multiplies.
 */
export interface PreparedMatrix {
  /** Rows that one call of `multiply` takes at most. */
  blockRows: number;
  /** Where the caller puts the rows, one after another, each of `depth` numbers. */
  rows: Float32Array;
  /** Where `multiply` puts the products, `stride` numbers from row to row. */
  products: Float32Array;
  stride: number;
  multiply(rowCount: number): void;
}

/** How a matrix lies in `data`: the distance from row to row and from column to column. */
export interface MatrixView {
  data: Float32Array;
  /** Rows of the matrix: numbers of each row that is multiplied by it. */
  depth: number;
  columns: number;
  offset: number;
  rowStride: number;
  columnStride: number;
}

const pageBytes = 65_536;
/** Rows and products of a block stay in the processor's cache. */
const blockNumbers = 16_384;

export function prepareMatrix(matrix: MatrixView): PreparedMatrix {
  const { depth, columns } = matrix;
  const panels = Math.ceil(columns / panelColumns);
  const stride = panels * panelColumns;
  const blockRows = Math.min(64, Math.max(2, Math.floor(blockNumbers / Math.max(depth, stride, 1))));
  const rowsAt = stride * depth;
  const productsAt = rowsAt + blockRows * depth;
  const numbers = productsAt + blockRows * stride;
  const memory = wasmMemory(4 * numbers);
  const all = new Float32Array(memory?.buffer ?? new ArrayBuffer(4 * numbers), 0, numbers);
  fillPanels(all, matrix);
  const rows = all.subarray(rowsAt, productsAt);
  const products = all.subarray(productsAt);
  const multiplyWasm = memory && instantiate(memory);
  let multiply = (rowCount: number) => multiplyPanels(all, { rows, products, depth, stride, rowCount });
  if (depth === 0) {
    multiply = () => products.fill(0);
  } else if (multiplyWasm !== undefined) {
    multiply = rowCount => multiplyWasm(4 * rowsAt, 0, 4 * productsAt, rowCount, depth, panels);
  }
  return { blockRows, rows, products, stride, multiply };
}

/** 16 columns beside each other, row after row; the last panel is filled up with zeros. */
function fillPanels(
  panels: Float32Array,
  { data, depth, columns, offset, rowStride, columnStride }: MatrixView,
): void {
  for (let column = 0; column < columns; column++) {
    const panel = Math.floor(column / panelColumns);
    let to = panel * depth * panelColumns + (column % panelColumns);
    let from = offset + column * columnStride;
    for (let row = 0; row < depth; row++) {
      panels[to] = data[from]!;
      to += panelColumns;
      from += rowStride;
    }
  }
}

type MultiplyWasm = (
  rowsAt: number,
  panelsAt: number,
  productsAt: number,
  rowCount: number,
  depth: number,
  panels: number,
) => void;

let compiled: object | undefined;

/** Memory that WebAssembly can work on; `undefined` where there is no WebAssembly, or no memory for it. */
function wasmMemory(bytes: number): Memory | undefined {
  const api = webAssembly();
  if (api === undefined) {
    return undefined;
  }
  try {
    compiled ??= new api.Module(Uint8Array.from(atob(sgemmCode), letter => letter.charCodeAt(0)));
    const pages = Math.max(1, Math.ceil(bytes / pageBytes));
    return new api.Memory({ initial: pages, maximum: pages });
  } catch {
    return undefined;
  }
}

function instantiate(memory: Memory): MultiplyWasm {
  const { exports } = new (webAssembly()!.Instance)(compiled!, { '': { memory } });
  return exports.multiply as MultiplyWasm;
}
