import { heapLimitBytes } from './heap.ts';

/** The bytes that one request keeps in memory until it is answered. */
export interface Hold {
  /** @returns whether there is room for this many more bytes, which are then counted */
  add(bytes: number): boolean;
  release(): void;
}

/** Every instance has room for the platform's largest body. */
const leastBytes = 2 ** 25;
const heapShare = 8;

let heldBytes = 0;

/** Counts the bodies of one request. An instance serves many at once, and together they must not exceed its memory. */
export function openHold(): Hold {
  let own = 0;
  return {
    add(bytes) {
      const total = heldBytes + bytes;
      if (total > leastBytes && total > heapLimitBytes() / heapShare) {
        return false;
      }
      heldBytes = total;
      own += bytes;
      return true;
    },
    release() {
      heldBytes -= own;
      own = 0;
    },
  };
}
