import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Paths next to a folder, on the same disk, where its next state is prepared and a pending swap is recorded. */
export function placesOf(dir: string) {
  const place = (ending: string) => join(dirname(dir), `.${basename(dir)}.${ending}`);
  return {
    /** Incomplete. */
    partial: place('partial'),
    /** Complete: a folder with this name is the next state. */
    next: place('next'),
    /** The previous state, during the moment in which the folder itself does not exist. */
    old: place('old'),
    claim: place('claim'),
  };
}

/**
 * Replaces a folder with its next state, if there is one, or restores the old one after a kill. The caller must own the
 * claim. Synchronous, so that no other code of this process runs between the two renames.
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
 * Restores a folder that is missing because of a kill between the two renames. Readers may call it, too: it removes
 * nothing.
 * @returns whether the folder now exists
 */
export function recoverFolder(dir: string): boolean {
  const { next, old } = placesOf(dir);
  const state = existsSync(dir) ? undefined : [next, old].find(path => existsSync(path));
  if (state !== undefined) {
    moveThere(state, dir);
  }
  return existsSync(dir);
}

/** Another process may complete the same swap. */
function moveThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to) || existsSync(from)) {
      throw error;
    }
  }
}
