import { multiplyPanels, panelColumns } from './multiply-panels.ts';
import { sgemmCode } from './sgemm-code.ts';
import { type Memory, webAssembly } from './web-assembly.ts';

/**
 * A matrix of 32-bit floats, laid out once to multiply rows by. WebAssembly multiplies four numbers at a time: 6 µs for
 * 784 × 128, compared with 115 µs in JavaScript (Node 24, x64). If the platform refuses to compile WebAssembly, as
 * Cloudflare's does, JavaScript multiplies.
 */
export interface PreparedMatrix {
  /** The maximum number of rows per call of `multiply`. */
  blockRows: number;
  /** Where the caller writes the rows, one after another, each of `depth` numbers. */
  rows: Float32Array;
  /** Where `multiply` writes the products, with `stride` numbers between rows. */
  products: Float32Array;
  stride: number;
  multiply(rowCount: number): void;
}

/** The layout of a matrix in `data`: the distance between rows and between columns. */
export interface MatrixView {
  data: Float32Array;
  /** The number of the matrix's rows, and of numbers in each row that is multiplied by it. */
  depth: number;
  columns: number;
  offset: number;
  rowStride: number;
  columnStride: number;
}

const pageBytes = 65_536;
/** Keeps the rows and products of a block in the processor's cache. */
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

/** Writes panels of 16 adjacent columns, row after row; the last panel is padded with zeros. */
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

/** Returns memory that WebAssembly can use, or `undefined` without WebAssembly or free memory for it. */
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
