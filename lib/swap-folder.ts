import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Where the next state of a folder is made, and how the change to it is remembered: beside the folder, on its disk. */
export function placesOf(dir: string) {
  const place = (ending: string) => join(dirname(dir), `.${basename(dir)}.${ending}`);
  return {
    /** Not whole yet. */
    partial: place('partial'),
    /** Whole: to have this name is what makes it the folder's next state. */
    next: place('next'),
    /** The state before, for the moment in which the folder itself is neither. */
    old: place('old'),
    claim: place('claim'),
  };
}

/**
 * Gives a folder its next state, if there is one, or the old one that a kill took from it. For the holder of the claim;
 * synchronous, so that nothing else of this process comes between the two renames that it takes.
 */
export function finishSwap(dir: string): void {
  const { next, old } = placesOf(dir);
  if (existsSync(next) && existsSync(dir)) {
    rmSync(old, { recursive: true, force: true });
    renameSync(dir, old);
  }
  recoverFolder(dir);
  rmSync(old, { recursive: true, force: true });
}

/**
 * Brings back a folder that is not there, as a kill between the two renames leaves it. For readers, too: it takes
 * nothing away.
 * @returns whether it is there now
 */
export function recoverFolder(dir: string): boolean {
  const { next, old } = placesOf(dir);
  const state = existsSync(dir) ? undefined : [next, old].find(path => existsSync(path));
  if (state !== undefined) {
    moveThere(state, dir);
  }
  return existsSync(dir);
}

/** Another process may finish the same change. */
function moveThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to) || existsSync(from)) {
      throw error;
    }
  }
}
