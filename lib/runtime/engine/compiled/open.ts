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
 * @throws Error if its program or weights cannot be read, or differ from those that were packed
 */
export function openCompiled(
  dir: string,
  { model }: PressedManifest,
  { checkElements }: { checkElements: CheckElements },
): Session {
  checkAllocations(checkElements);
  return openProgramFile(join(dir, model.path));
}

/** Opens a program with the weights next to it. */
export function openProgramFile(path: string): Session {
  const program: Program = JSON.parse(readPacked(path).toString());
  return openProgram(program, readWeights(path, program));
}

/**
 * Reads a program's weights at once, into one buffer that all tensors are views of.
 * @throws Error if they are incomplete
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
