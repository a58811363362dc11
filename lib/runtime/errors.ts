/** Shared by all copies of this module, because each file of a packed function has its own. */
const brand = Symbol.for('coldpress.RequestError');

/** Maximum characters of a message, which may contain parts of the request. */
const messageLength = 1000;

/** Maximum characters of a place in a log: a schema may report an issue for each of many fields. */
const loggedLength = 300;

/**
 * A request that cannot be answered. The caller receives `message`, which names the input, dimension or record, and
 * never contains a path or a stack.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** HTTP status of the answer. For events, 429 and 5xx are temporary, all others are final. */
  readonly status: number;
  /** Stable, in SCREAMING_SNAKE_CASE. docs/errors.md lists all codes. */
  readonly code: string;
  /** The record, input, element or field at fault, without a value of the request. Empty if unknown. */
  readonly place: string;

  constructor(status: number, code: string, message: string, place = '') {
    super(shorten(message, messageLength));
    this.status = status;
    this.code = code;
    this.place = place;
  }

  /**
   * The error as text for a log, without values of the request.
   * @internal
   */
  get loggable(): string {
    const place = this.place === '' ? '' : `: ${this.place.slice(0, loggedLength)}`;
    return `${this.code} (${this.status})${place}`;
  }

  /** @internal */
  get [brand](): true {
    return true;
  }

  /**
   * Whether a value is a `RequestError`, whichever copy of the class made it.
   * @internal
   */
  static override [Symbol.hasInstance](value: unknown): value is RequestError {
    // biome-ignore lint/complexity/noThisInStatic: subclasses inherit this, and have instances of their own only
    return this === RequestError ? brand in Object(value) : super[Symbol.hasInstance](value);
  }
}

/** Cuts a text to a number of characters, and marks the cut. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
