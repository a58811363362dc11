import { wasmCode } from '../web-assembly.ts';
import { multiplyPanels } from './multiply-panels.ts';
import { sgemmCode } from './sgemm-code.ts';

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

/** Keeps the rows and products of a block in the processor's cache. */
const blockNumbers = 16_384;

type Multiply = (
  rowsAt: number,
  panelsAt: number,
  productsAt: number,
  rowCount: number,
  depth: number,
  panels: number,
) => void;

/** Few columns are multiplied several rows at a time, because most of 16 columns would be padding. */
const kernels = [
  { name: 'multiplyColumn', panelColumns: 1, mostRows: 256 },
  { name: 'multiplyNarrow', panelColumns: 4, mostRows: 256 },
  { name: 'multiply', panelColumns: 16, mostRows: 64 },
] as const;

const instantiate = /* @__PURE__ */ wasmCode<Record<(typeof kernels)[number]['name'], Multiply>>(sgemmCode);

export function prepareMatrix(matrix: MatrixView): PreparedMatrix {
  const { depth, columns } = matrix;
  const { name, panelColumns, mostRows } =
    kernels.find(kernel => columns <= kernel.panelColumns) ?? kernels[2];
  const panels = Math.ceil(columns / panelColumns);
  const stride = panels * panelColumns;
  const blockRows = Math.min(mostRows, 16 * Math.ceil(blockNumbers / 16 / Math.max(depth, stride, 1)));
  const rowsAt = stride * depth;
  const productsAt = rowsAt + blockRows * depth;
  const numbers = productsAt + blockRows * stride;
  const wasm = instantiate(4 * numbers);
  const all = new Float32Array(wasm?.buffer ?? new ArrayBuffer(4 * numbers), 0, numbers);
  fillPanels(all, matrix, panelColumns);
  const rows = all.subarray(rowsAt, productsAt);
  const products = all.subarray(productsAt);
  let multiply = (rowCount: number) =>
    multiplyPanels(all, { rows, products, depth, columns, panelColumns, stride, rowCount });
  if (depth === 0) {
    multiply = () => products.fill(0);
  } else if (wasm !== undefined) {
    const multiplyBlock = wasm.exports[name];
    multiply = rowCount => multiplyBlock(4 * rowsAt, 0, 4 * productsAt, rowCount, depth, panels);
  }
  return { blockRows, rows, products, stride, multiply };
}

/** Writes panels of adjacent columns, row after row; the last panel is padded with zeros. */
function fillPanels(
  panels: Float32Array,
  { data, depth, columns, offset, rowStride, columnStride }: MatrixView,
  panelColumns: number,
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
