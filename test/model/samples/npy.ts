import { zipSync } from 'fflate';

export interface NumpyArray {
  /** As numpy writes it: `<f4`, `<i8`, `|b1`, `<U3`. */
  dtype: string;
  shape: number[];
  data: ArrayBufferView<ArrayBuffer>;
  fortran?: boolean;
}

/** What numpy.savez writes: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export function npz(arrays: Record<string, NumpyArray>): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, npy(array)]);
  return zipSync(Object.fromEntries(files));
}

function npy({ dtype, shape, data, fortran = false }: NumpyArray): Uint8Array {
  const sizes = shape.map(size => `${size},`).join('');
  const text = `{'descr': '${dtype}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${sizes}), }`;
  // Magic, version and length take ten bytes; the data begins at a multiple of 64.
  const header = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    new Uint8Array(Uint16Array.of(header.length).buffer),
    Buffer.from(header),
    bytes,
  ]);
}
