import type { Finding } from './pain.ts';

/** Something that could not be looked at, and why. */
export interface NotChecked {
  /** The file, or what else it is. */
  where: string;
  what: string;
  why: string;
}

/** What a look at something came to. */
export interface Checked {
  findings: Finding[];
  notChecked: NotChecked[];
}

export const nothing: Checked = { findings: [], notChecked: [] };

/** What several looks came to, taken together. */
export function together(all: readonly Checked[]): Checked {
  return {
    findings: all.flatMap(({ findings }) => findings),
    notChecked: all.flatMap(({ notChecked }) => notChecked),
  };
}

/** For the `catch` of reading a file or a folder: what the system refuses is not looked at; anything else is a bug. */
export function unreadable(where: string, error: unknown): NotChecked {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) {
    throw error;
  }
  return { where, what: 'all of it', why: `it cannot be read: ${code}` };
}
