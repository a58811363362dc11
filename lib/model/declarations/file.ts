import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Signature } from '../../contract/manifest.ts';
import { ColdpressError } from '../../errors.ts';
import { writeWhole } from '../../write-whole.ts';
import { declareModel } from '../declarations.ts';

/** Beside the model, where a `score.ts` imports it from, before anything is packed. */
export function declarationPath(modelPath: string): string {
  return `${modelPath}.d.ts`;
}

/** @throws ColdpressError TYPES_UNWRITABLE */
export async function writeDeclaration(path: string, modelPath: string, signature: Signature): Promise<void> {
  await write(path, declareModel(signature, basename(modelPath)));
}

/**
 * Brings a declaration up to date that lies beside the model. Where there is none, nobody asked for one; and one that
 * is up to date is not touched, so that sources may be read-only.
 * @throws ColdpressError TYPES_UNWRITABLE
 */
export async function refreshDeclaration(
  path: string,
  modelPath: string,
  signature: Signature,
): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  const now = declareModel(signature, basename(modelPath));
  if (before !== undefined && before !== now) {
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
