import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Signature } from '../../contract/manifest.ts';
import { ColdpressError } from '../../errors.ts';
import { writeWhole } from '../../write-whole.ts';
import { declarationMark, declareModel } from '../declarations.ts';

/** The path of the declarations: next to the model, where `score.ts` can import them before anything is packed. */
export function declarationPath(modelPath: string): string {
  return `${modelPath}.d.ts`;
}

/** Whether coldpress wrote a file of declarations. */
export function isDeclaration(text: string): boolean {
  return text.slice(0, text.indexOf('\n')).includes(declarationMark);
}

/** @throws ColdpressError TYPES_UNWRITABLE */
export async function writeDeclaration(path: string, modelPath: string, signature: Signature): Promise<void> {
  await write(path, declareModel(signature, basename(modelPath)));
}

/**
 * Updates the declarations next to a model if coldpress wrote them; a missing file means that the user wants none.
 * A file that is up to date is not written, so sources may be read-only.
 * @throws ColdpressError TYPES_UNWRITABLE
 */
export async function refreshDeclaration(
  path: string,
  modelPath: string,
  signature: Signature,
): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  const now = declareModel(signature, basename(modelPath));
  if (before !== undefined && isDeclaration(before) && before !== now) {
    await write(path, now);
  }
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeWhole(path, text);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ColdpressError('TYPES_UNWRITABLE', `${path} cannot be written (${code})`, {
      hint: 'choose another file: npx coldpress types --out FILE',
      cause,
    });
  }
}
