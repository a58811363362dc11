import type { Finding } from './pain.ts';

/** Something that could not be checked, and why. */
export interface NotChecked {
  /** The file, or another location. */
  where: string;
  what: string;
  why: string;
}

/** The result of a check. */
export interface Checked {
  findings: Finding[];
  notChecked: NotChecked[];
}

export const nothing: Checked = { findings: [], notChecked: [] };

/** Merges the results of several checks. */
export function together(all: readonly Checked[]): Checked {
  return {
    findings: all.flatMap(({ findings }) => findings),
    notChecked: all.flatMap(({ notChecked }) => notChecked),
  };
}

/** For the `catch` of reading a file or folder: system errors mean that it was not checked; any other is a bug. */
export function unreadable(where: string, error: unknown): NotChecked {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) {
    throw error;
  }
  return { where, what: 'all of it', why: `it cannot be read: ${code}` };
}
