/** Gathers bytes to parts of exactly `size` and sends each; the rest with `flush`. */
export function createParts(size: number, send: (part: Uint8Array) => Promise<void>) {
  let waiting: Uint8Array[] = [];
  let length = 0;
  let sent = 0;

  async function cut(count: number): Promise<void> {
    const all = Buffer.concat(waiting);
    waiting = count < all.length ? [all.subarray(count)] : [];
    length -= count;
    sent += 1;
    await send(all.subarray(0, count));
  }

  return {
    async write(bytes: Uint8Array): Promise<void> {
      waiting.push(bytes);
      length += bytes.length;
      while (length >= size) {
        await cut(size);
      }
    },
    /** The rest; also an empty part, where there is no other: an object of nothing has one. */
    async flush(): Promise<void> {
      if (length > 0 || sent === 0) {
        await cut(length);
      }
    },
    /** What has not been sent. */
    rest(): Uint8Array {
      return Buffer.concat(waiting);
    },
  };
}
