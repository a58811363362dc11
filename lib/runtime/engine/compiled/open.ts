import { dirname, join } from 'node:path';
import { checksum } from '../../../contract/checksum.ts';
import type { PressedManifest } from '../../../contract/manifest.ts';
import type { Program } from '../../../contract/program.ts';
import { readPacked } from '../../embedded.ts';
import type { CheckElements } from '../../too-large.ts';
import type { Session } from '../session.ts';
import { checkAllocations } from './allocate.ts';
import { openProgram, type Weights } from './open-program.ts';

/**
 * Opens a compiled model.
 * @throws Error when its program or its weights cannot be read, or are not those that were packed
 */
export function openCompiled(
  dir: string,
  { model }: PressedManifest,
  { checkElements }: { checkElements: CheckElements },
): Session {
  checkAllocations(checkElements);
  return openProgramFile(join(dir, model.path));
}

/** Opens a program, with the weights beside it. */
export function openProgramFile(path: string): Session {
  const program: Program = JSON.parse(readPacked(path).toString());
  return openProgram(program, readWeights(path, program));
}

/**
 * The weights of the program in a file: one read, into one buffer that all of them are views of.
 * @throws Error where they are not whole
 */
export function readWeights(
  programPath: string,
  { weights: { path, sizeBytes, checksum: expected } }: Program,
): Weights {
  const bytes = readPacked(join(dirname(programPath), path)) as Weights;
  if (bytes.length !== sizeBytes) {
    throw new Error(`${path} has ${bytes.length} bytes, where the model was packed with ${sizeBytes}`);
  }
  if (checksum(bytes) !== expected) {
    throw new Error(`${path} was changed after the model was packed: its checksum is another`);
  }
  return bytes;
}
