const plain: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  ENOTDIR: 'it, or a folder in its path, is a file',
  EACCES: 'the system refuses access',
  EPERM: 'the system refuses access',
};

/** Why a file could not be read or written, without its path. */
export function causeOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const words = plain[code];
  return words === undefined ? message.replace(/, \w+(?: '.*')?$/s, '') : `${words} (${code})`;
}
