import { readFile, stat } from 'node:fs/promises';
import { ColdpressError } from './errors.ts';

/** What is known of a file before a command writes it. */
export interface OutputFile {
  /** The option that names it. */
  option: string;
  /** Files that the same command reads. */
  inputs: readonly (string | undefined)[];
  /** Whether a file is one that coldpress wrote here before, which may be replaced. */
  isOwn: () => boolean | Promise<boolean>;
}

/**
 * Refuses an output before anything is made: a folder, a file that the command reads, and a file that coldpress did not
 * write. An empty file, such as `mktemp` makes, and a device may be written.
 * @throws ColdpressError OUTPUT_UNWRITABLE, OPTION_CONFLICT, OUTPUT_EXISTS
 */
export async function checkOutputFile(path: string, { option, inputs, isOwn }: OutputFile): Promise<void> {
  const found = await statIfThere(path);
  const hint = `choose another file with ${option}`;
  if (found?.isDirectory()) {
    throw new ColdpressError('OUTPUT_UNWRITABLE', `${option} names a folder, not a file: ${path}`, { hint });
  }
  if (!found?.isFile()) {
    return;
  }
  for (const input of inputs) {
    const read = input === undefined ? undefined : await stat(input).catch(() => undefined);
    if (read?.dev === found.dev && read.ino === found.ino) {
      throw new ColdpressError('OPTION_CONFLICT', `${option} names a file that the command reads: ${path}`, {
        hint,
      });
    }
  }
  if (found.size > 0 && !(await isOwn())) {
    throw new ColdpressError('OUTPUT_EXISTS', `${path} exists, and coldpress did not write it`, {
      hint: `${hint}, or delete the file`,
    });
  }
}

/** The checks of an optional bill of materials. */
export async function checkSbomFile(
  path: string | undefined,
  inputs: readonly (string | undefined)[],
): Promise<void> {
  if (path !== undefined) {
    await checkOutputFile(path, {
      option: '--sbom',
      inputs,
      isOwn: () => isOwnBom(path),
    });
  }
}

/** Whether coldpress wrote a bill of materials, which names it as its tool. */
async function isOwnBom(path: string): Promise<boolean> {
  try {
    const { bomFormat, metadata } = JSON.parse(await readFile(path, 'utf8'));
    const tools: { name: string }[] = metadata.tools.components;
    return bomFormat === 'CycloneDX' && tools.some(({ name }) => name === 'coldpress');
  } catch {
    return false;
  }
}

async function statIfThere(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
