import { printable, printableLines } from './printable.ts';

/**
 * An error that the user can fix. The command line prints `message` and `hint` and exits with 2. Any other error is a
 * bug in coldpress and exits with 1.
 */
export class ColdpressError extends Error {
  override readonly name = 'ColdpressError';
  /** Stable, in SCREAMING_SNAKE_CASE. docs/errors.md lists all codes. */
  readonly code: string;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** Printed below the message with one column per name; every row has the same names. */
  readonly table: readonly Record<string, string>[] | undefined;

  constructor(
    code: string,
    message: string,
    options: { hint?: string; cause?: unknown; table?: readonly Record<string, string>[] } = {},
  ) {
    // A message may contain names from a model or a file.
    super(printableLines(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint === undefined ? undefined : printableLines(options.hint);
    this.table = options.table?.map(row =>
      Object.fromEntries(Object.entries(row).map(([name, text]) => [name, printable(text)])),
    );
  }
}
