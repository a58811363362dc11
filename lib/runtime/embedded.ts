import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** The files of a function inside an executable; `handlers/executable.ts` puts it into place before the function starts. */
export interface Embedded {
  /** The folder that the function seems to be in. */
  dir: string;
  url: string;
  /** A file by its path in the function; `undefined` where there is none. */
  read(path: string): Buffer | undefined;
  /** Writes the files below some folders to a private folder of this user, once, and returns that. */
  place(folders: readonly string[]): string;
  /** Part of the runtime, by the path of its file from the function's module: `./chunk-http-bodies.mjs`. */
  load(path: string): unknown;
  /** Deletes what other versions of the executable have placed. Returns the folders. */
  clean(): string[];
}

/** `undefined` in a function that is a folder. */
export const embedded = (globalThis as { coldpressEmbedded?: Embedded }).coldpressEmbedded;

/** Reads a file of the function. @param path - below the function's folder */
export function readPacked(path: string): Buffer {
  return embedded?.read(pathInFunction(path, embedded.dir)) ?? readFileSync(path);
}

/** A folder in which the function's files below `folders` are files of the system, for what opens them by path. */
export function placePacked(dir: string, folders: readonly string[]): string {
  return embedded === undefined ? dir : embedded.place(folders);
}

function pathInFunction(path: string, dir: string): string {
  return relative(dir, path).replaceAll('\\', '/');
}
