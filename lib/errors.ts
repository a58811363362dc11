import { printable, printableLines } from './printable.ts';

/**
 * An error that the user can fix: `message` says what failed and names the value received, `hint` what to do.
 * The command line prints both and exits with 2; any other error is a bug of coldpress and exits with 1.
 */
export class ColdpressError extends Error {
  override readonly name = 'ColdpressError';
  /** Stable, in SCREAMING_SNAKE_CASE; documented in docs/errors.md. */
  readonly code: string;
  readonly hint: string | undefined;
  /** Printed below the message, a column a name; every row has the same names. */
  readonly table: readonly Record<string, string>[] | undefined;

  constructor(
    code: string,
    message: string,
    options: { hint?: string; cause?: unknown; table?: readonly Record<string, string>[] } = {},
  ) {
    // A message may quote names that a model or a file has.
    super(printableLines(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint === undefined ? undefined : printableLines(options.hint);
    this.table = options.table?.map(row =>
      Object.fromEntries(Object.entries(row).map(([name, text]) => [name, printable(text)])),
    );
  }
}
