/**
 * A request that cannot be answered: its sender is told `message`, which names the input, dimension or record, and
 * never a path or a stack.
 */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** The HTTP status that it becomes. */
  readonly status: number;
  /** Stable, in SCREAMING_SNAKE_CASE. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
