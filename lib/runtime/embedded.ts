import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** The files of a function inside an executable; `handlers/executable.ts` sets this up before the function starts. */
export interface Embedded {
  /** The folder in which the function appears to be. */
  dir: string;
  url: string;
  /** Returns a file by its path in the function, or `undefined` if it does not exist. */
  read(path: string): Buffer | undefined;
  /** Writes the files below some folders to a private folder of this user, once, and returns its path. */
  place(folders: readonly string[]): string;
  /** Loads a part of the runtime by its file's path relative to the function's module: `./chunk-http-others.mjs`. */
  load(path: string): unknown;
  /** Deletes the files that other versions of the executable have placed. Returns the folders. */
  clean(): string[];
}

/** The embedded files; `undefined` if the function is a folder. */
export const embedded = (globalThis as { coldpressEmbedded?: Embedded }).coldpressEmbedded;

/** Reads a file of the function. @param path - a path below the function's folder */
export function readPacked(path: string): Buffer {
  return embedded?.read(pathInFunction(path, embedded.dir)) ?? readFileSync(path);
}

/** Reads a text file of the function, which Node does in one native call. */
export function readPackedText(path: string): string {
  return embedded?.read(pathInFunction(path, embedded.dir))?.toString() ?? readFileSync(path, 'utf8');
}

/** Returns a folder in which the files below `folders` are real files, for code that opens them by path. */
export function placePacked(dir: string, folders: readonly string[]): string {
  return embedded === undefined ? dir : embedded.place(folders);
}

function pathInFunction(path: string, dir: string): string {
  return relative(dir, path).replaceAll('\\', '/');
}
