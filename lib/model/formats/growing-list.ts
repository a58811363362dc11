type Numbers = Int32Array | Uint32Array | Uint8Array | Float32Array | Float64Array;

/** A typed array whose length is not known in advance. Its capacity doubles when it is full. */
export class GrowingList<N extends Numbers> {
  #numbers: N;
  #length = 0;

  constructor(List: new (length: number) => N) {
    this.#numbers = new List(8);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const grown = new (this.#numbers.constructor as new (length: number) => N)(2 * this.#length);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers[this.#length++] = value;
  }

  /** The numbers added so far; not a copy. */
  finish(): N {
    return this.#numbers.subarray(0, this.#length) as N;
  }
}
