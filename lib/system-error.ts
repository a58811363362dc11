import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ColdpressError } from './errors.ts';

interface Explanation {
  code: string;
  what: string;
  hint: string;
}

const full: Explanation = {
  code: 'DISK_FULL',
  what: 'the disk is full',
  hint: 'free some space and run the command again; COLDPRESS_CACHE_DIR and TMPDIR name folders of another disk',
};
const tooMany: Explanation = {
  code: 'TOO_MANY_FILES',
  what: 'too many files are open',
  hint: 'raise the limit, which `ulimit -n` prints: ulimit -n 1024',
};
const forbidden: Explanation = {
  code: 'FILE_FORBIDDEN',
  what: 'the system refuses access',
  hint: 'check who owns the file and its folder, and whether the disk can be written',
};

const folder: Explanation = {
  code: 'FILE_EXPECTED',
  what: 'a folder exists where a file is expected',
  hint: 'pass a file, or move the folder',
};

/** Explanations of system errors, for any file that was read or written: the cache, a temporary folder, the output. */
const explanations: Readonly<Record<string, Explanation>> = {
  ENOSPC: full,
  EDQUOT: full,
  EMFILE: tooMany,
  ENFILE: tooMany,
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: forbidden,
  EISDIR: folder,
  ERR_FS_EISDIR: folder,
  ENOTDIR: {
    code: 'FOLDER_EXPECTED',
    what: 'a file exists where a folder is expected',
    hint: 'choose another path, or move the file',
  },
  ENAMETOOLONG: {
    code: 'NAME_TOO_LONG',
    what: 'a name or path is longer than the file system allows',
    hint: 'shorten the name, or work in a folder with a shorter path',
  },
};

/** Codes of errors for which no file is at fault, whichever was being read or written. */
const machineCodes = [full.code, tooMany.code];

/**
 * Explains a system error that the user can fix, also as the cause of another if the machine has run out of something.
 * @param place - where it happened (default: the path in the error)
 * @returns ColdpressError DISK_FULL, TOO_MANY_FILES, FILE_FORBIDDEN, FILE_EXPECTED, FOLDER_EXPECTED or
 * NAME_TOO_LONG; any other error unchanged
 */
export function explainSystemError(error: unknown, place?: string): unknown {
  if (error instanceof ColdpressError) {
    const cause = explainSystemError(error.cause);
    return cause instanceof ColdpressError && machineCodes.includes(cause.code) ? cause : error;
  }
  const { code, path, dest, syscall, message } = (error ?? {}) as NodeJS.ErrnoException & { dest?: string };
  if (code === 'ERR_INVALID_PACKAGE_CONFIG' && message.includes('too many open files')) {
    // Node reads the package.json of a module's folder before the module, and reports the cause only as text.
    return explained(tooMany, '(EMFILE)', error);
  }
  const explanation = syscall === undefined ? undefined : explanations[code ?? ''];
  if (explanation === undefined) {
    return error;
  }
  if (code === 'ENOTDIR') {
    return explained(explanation, `${fileInPath(place ?? dest ?? path) ?? `(${syscall})`} (${code})`, error);
  }
  // A copy fails for its source as well as for its destination, which may be a temporary file.
  const source = path !== undefined && dest !== undefined && !isReadable(path) ? path : undefined;
  const where = source ?? place ?? dest ?? path ?? `(${syscall})`;
  return explained(explanation, `${where} (${code})`, error);
}

/** The error of a full disk, where a library reports none. */
export function diskFull(place: string): ColdpressError {
  return explained(full, place);
}

/** The error of too many open files, where a library reports another. */
export function tooManyFiles(place: string, cause: unknown): ColdpressError {
  return explained(tooMany, place, cause);
}

function explained({ code, what, hint }: Explanation, place: string, cause?: unknown): ColdpressError {
  return new ColdpressError(code, `${what}: ${place}`, { hint, cause });
}

/** The file that a path uses as a folder; the path itself if there is none. */
function fileInPath(path: string | undefined): string | undefined {
  const parent = path === undefined ? undefined : dirname(path);
  if (parent === undefined || parent === path) {
    return path;
  }
  const found = fileInPath(parent);
  return found !== parent || statSync(parent, { throwIfNoEntry: false })?.isFile() ? found : path;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
