type List = Int32Array | Float64Array | Uint8Array;

/** Bytes of a piece of memory that lists share. */
const pieceBytes = 2 ** 20;

/**
 * Memory for the lists of a model's trees. A model may have 70,000 small trees of nine lists each, and a list with a
 * buffer of its own takes some 300 bytes besides its numbers.
 */
export class ListMemory {
  #piece = new ArrayBuffer(0);
  #used = 0;

  /** A list of zeros. */
  take<L extends List>(
    ListType: { new (buffer: ArrayBuffer, offset: number, length: number): L; BYTES_PER_ELEMENT: number },
    length: number,
  ): L {
    const bytes = Math.ceil((length * ListType.BYTES_PER_ELEMENT) / 8) * 8;
    if (bytes > this.#piece.byteLength - this.#used) {
      this.#piece = new ArrayBuffer(Math.max(bytes, pieceBytes));
      this.#used = 0;
    }
    const list = new ListType(this.#piece, this.#used, length);
    this.#used += bytes;
    return list;
  }
}
