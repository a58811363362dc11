/** Known to every copy of this module: each file of a packed function has its own. */
const brand = Symbol.for('coldpress.RequestError');

/** Characters of a message, of which some may be the request's. */
const messageLength = 1000;

/** Characters of a place that a log gets: a schema may have an issue with each of many fields. */
const loggedLength = 300;

/**
 * A request that cannot be answered. Its sender gets `message`, which names the input, dimension or record, and never
 * a path or a stack.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** The HTTP status that it becomes. */
  readonly status: number;
  /** Stable, in SCREAMING_SNAKE_CASE. */
  readonly code: string;
  /** Where the fault is: the record, input, element or field, and no value of the request. Empty if unknown. */
  readonly place: string;

  constructor(status: number, code: string, message: string, place = '') {
    super(shorten(message, messageLength));
    this.status = status;
    this.code = code;
    this.place = place;
  }

  /** The error in words that a log may have: a message may quote the request. */
  get loggable(): string {
    const place = this.place === '' ? '' : `: ${this.place.slice(0, loggedLength)}`;
    return `${this.code} (${this.status})${place}`;
  }

  get [brand](): true {
    return true;
  }

  /** Whether a value is a `RequestError`, whichever copy of the class made it. */
  static override [Symbol.hasInstance](value: unknown): value is RequestError {
    // biome-ignore lint/complexity/noThisInStatic: subclasses inherit this, and have instances of their own only
    return this === RequestError ? brand in Object(value) : super[Symbol.hasInstance](value);
  }
}

/** Cuts a text at a number of characters, and marks the cut. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
