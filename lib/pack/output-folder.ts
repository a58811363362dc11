import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { causeOf } from '../cause-of.ts';
import { type Claim, claim } from '../claim.ts';
import {
  FUNCTION_FOLDER,
  FUNCTION_ZIP,
  IMAGE_FILE,
  LAYER_FOLDER,
  LAYER_ZIP,
  REPORT_FILE,
  SAMPLES_FILE,
  SBOM_FILE,
  SIGNATURE_FILE,
  SOURCE_MAP_FILE,
  SOURCES_FILE,
} from '../contract/files.ts';
import { MANIFEST_FILE } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { finishSwap, placesOf } from '../swap-folder.ts';
import { explainSystemError } from '../system-error.ts';

/** A folder that coldpress replaces as a whole. */
interface OwnFolder {
  /** Its description, for messages: `a coldpress artifact`. */
  what: string;
  /** The names of all files that coldpress writes to it. */
  names: readonly string[];
  /** Whether coldpress wrote the present content. */
  isOwn: () => boolean | Promise<boolean>;
}

/**
 * Refuses a folder that will be replaced if it contains anything that coldpress did not write.
 * @throws ColdpressError OUTPUT_NOT_EMPTY, OUTPUT_UNWRITABLE
 */
export async function checkOwnFolder(outDir: string, { what, names, isOwn }: OwnFolder): Promise<void> {
  const found = await readdir(outDir).catch(error => {
    if (error.code === 'ENOENT') {
      return [];
    }
    throw outputError(outDir, error);
  });
  const hint = 'choose another folder with --out, or empty this one';
  if (found.length > 0 && !(await isOwn())) {
    throw new ColdpressError('OUTPUT_NOT_EMPTY', `${outDir} contains files that are not ${what}`, { hint });
  }
  const foreign = found.find(name => !names.includes(name) && name !== '.DS_Store');
  if (foreign !== undefined) {
    throw new ColdpressError('OUTPUT_NOT_EMPTY', `${join(outDir, foreign)} is not part of ${what}`, {
      hint: 'it would be deleted: move it, or choose another folder with --out',
    });
  }
}

const artifactNames = [
  ...[FUNCTION_FOLDER, FUNCTION_ZIP, LAYER_FOLDER, LAYER_ZIP, SOURCE_MAP_FILE, REPORT_FILE],
  ...[SAMPLES_FILE, SOURCES_FILE, SBOM_FILE, IMAGE_FILE, SIGNATURE_FILE],
];

/**
 * Refuses to write an artifact to a folder with other files than those of an earlier artifact, or with a file that
 * packing reads, or inside another artifact.
 * @throws ColdpressError OUTPUT_NOT_EMPTY, OUTPUT_UNWRITABLE, OPTION_CONFLICT
 */
export async function checkOutput(outDir: string, inputs: readonly (string | undefined)[]): Promise<void> {
  await checkOwnFolder(outDir, {
    what: 'a coldpress artifact',
    names: artifactNames,
    /** Whether coldpress wrote the present content. */
    isOwn: () => existsSync(join(outDir, FUNCTION_FOLDER, MANIFEST_FILE)),
  });
  const outer = parents(outDir).find(dir => existsSync(join(dir, FUNCTION_FOLDER, MANIFEST_FILE)));
  if (outer !== undefined) {
    throw new ColdpressError('OPTION_CONFLICT', `${outDir} is inside the artifact ${outer}`, {
      hint: 'packing to the outer folder replaces all of it: choose another folder with --out',
    });
  }
  const input = inputs.find(path => path?.startsWith(join(outDir, sep)) && existsSync(path));
  if (input !== undefined) {
    throw new ColdpressError('OPTION_CONFLICT', `${outDir} would be replaced, and ${input} is read from it`, {
      hint: 'choose another folder with --out',
    });
  }
}

function parents(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...parents(parent)];
}

/**
 * Fills `outDir` completely or not at all: `write` fills a folder next to it, which then takes its name. If the process
 * is killed, the folder is old or new, or the next process that packs to it or opens it makes it one of the two.
 * @throws ColdpressError OUTPUT_UNWRITABLE, DISK_FULL
 */
export async function replaceOutput(outDir: string, write: (dir: string) => Promise<void>): Promise<void> {
  const { partial, next, claim: claimPath } = placesOf(outDir);
  let claimed: Claim | undefined;
  try {
    await makeFolder(dirname(outDir));
    claimed = await claim(claimPath);
    await rm(partial, { recursive: true, force: true });
    finishSwap(outDir);
    await mkdir(partial);
    await write(partial);
    await rename(partial, next);
    finishSwap(outDir);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    await undoSwap(outDir);
    throw outputError(outDir, error);
  } finally {
    await claimed?.release();
  }
}

/** Restores the old state after a failure, for example if another program keeps the folder open. */
async function undoSwap(outDir: string): Promise<void> {
  await rm(placesOf(outDir).next, { recursive: true, force: true }).catch(() => {});
  try {
    finishSwap(outDir);
  } catch {
    // The failure itself is reported.
  }
}

function outputError(outDir: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'ENAMETOOLONG', 'EBUSY'].includes(code ?? '')) {
    return new ColdpressError('OUTPUT_UNWRITABLE', `${outDir} cannot be written: ${causeOf(error)}`, {
      hint: 'choose another folder with --out',
      cause: error,
    });
  }
  return explainSystemError(error, outDir);
}
