/** Why a file could not be read, without the path, which Node repeats at the end of its message. */
export function causeOf(error: unknown): string {
  return (error as Error).message.replace(/, \w+(?: '.*')?$/s, '');
}
