/** Collects bytes into parts of exactly `size` and sends each; `flush` sends the rest. */
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
    /** Sends the rest. If no part was sent, it may be empty, because an empty object still has one part. */
    async flush(): Promise<void> {
      if (length > 0 || sent === 0) {
        await cut(length);
      }
    },
    /** Returns the bytes that have not been sent. */
    rest(): Uint8Array {
      return Buffer.concat(waiting);
    },
  };
}
