import { heapLimitBytes } from './heap.ts';

/** What one request keeps until it is answered. */
export interface Hold {
  /** @returns whether there is room for so many bytes more, which are then kept */
  add(bytes: number): boolean;
  release(): void;
}

/** Every instance has room for the largest body of the platform. */
const leastBytes = 2 ** 25;
const heapShare = 8;

let heldBytes = 0;

/** An instance takes many requests at once: their bodies together must not be more than its memory. */
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
