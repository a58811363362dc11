export type Flatbuffer = ReturnType<typeof flatbuffer>;

/**
 * Reads a flatbuffer without generated code: a table is identified by its offset, a field by its schema position.
 * Every read out of bounds throws a RangeError. https://flatbuffers.dev/internals/
 */
export function flatbuffer(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const follow = (at: number) => at + view.getUint32(at, true);
  const find = (table: number, field: number): number | undefined => {
    const vtable = table - view.getInt32(table, true);
    const slot = 4 + 2 * field;
    const offset = slot < view.getUint16(vtable, true) ? view.getUint16(vtable + slot, true) : 0;
    return offset === 0 ? undefined : table + offset;
  };
  const textAt = (at: number) => {
    const length = view.getUint32(at, true);
    if (at + 4 + length > bytes.length) {
      throw new RangeError('text beyond the end of the file');
    }
    return Buffer.from(bytes.buffer, bytes.byteOffset + at + 4, length).toString();
  };
  const items = (table: number, field: number): number[] => {
    const at = find(table, field);
    if (at === undefined) {
      return [];
    }
    const vector = follow(at);
    const length = view.getUint32(vector, true);
    if (vector + 4 + 4 * length > bytes.length) {
      throw new RangeError('list beyond the end of the file');
    }
    return Array.from({ length }, (_, index) => follow(vector + 4 + 4 * index));
  };
  const optionalChild = (table: number, field: number) => {
    const at = find(table, field);
    return at === undefined ? undefined : follow(at);
  };
  return {
    root: () => follow(0),
    optionalChild,
    child: (table: number, field: number) => {
      const at = optionalChild(table, field);
      if (at === undefined) {
        throw new RangeError('a part is missing');
      }
      return at;
    },
    children: items,
    texts: (table: number, field: number) => items(table, field).map(textAt),
    text: (table: number, field: number) => {
      const at = find(table, field);
      return at === undefined ? '' : textAt(follow(at));
    },
    byte: (table: number, field: number) => {
      const at = find(table, field);
      return at === undefined ? 0 : view.getUint8(at);
    },
    int32: (table: number, field: number) => {
      const at = find(table, field);
      return at === undefined ? 0 : view.getInt32(at, true);
    },
    int64: (table: number, field: number) => {
      const at = find(table, field);
      return at === undefined ? 0n : view.getBigInt64(at, true);
    },
  };
}
