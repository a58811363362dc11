import { checksum } from '../../../contract/checksum.ts';
import type { PressedManifest } from '../../../contract/manifest.ts';
import type { Program } from '../../../contract/program.ts';
import { readPacked, readPackedText } from '../../embedded.ts';
import type { CheckElements } from '../../too-large.ts';
import type { Session } from '../session.ts';
import { checkAllocations } from './allocate.ts';
import { openProgram, type Weights } from './open-program.ts';

/**
 * CRC-32 is faster from here on, although node:zlib has to be loaded: 2 ms instead of 11 for 5 MB in a new process, where
 * our own checksum runs before V8 has optimised it.
 */
const largeBytes = 2 ** 18;

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
  // `join` would compile three functions of node:path.
  return openProgramFile(`${dir}/${model.path}`);
}

/** Opens a program with the weights next to it. */
export function openProgramFile(path: string): Session {
  const program: Program = JSON.parse(readPackedText(path));
  return openProgram(program, readWeights(path, program));
}

/**
 * Reads a program's weights at once, into one buffer that all tensors are views of.
 * @throws Error if they are incomplete
 */
export function readWeights(
  programPath: string,
  { weights: { path, sizeBytes, ...expected } }: Program,
): Weights {
  const bytes = readPacked(programPath.replace(/[^/\\]*$/, path)) as Weights;
  if (bytes.length !== sizeBytes) {
    throw new Error(`${path} has ${bytes.length} bytes, where the model was packed with ${sizeBytes}`);
  }
  const isWhole =
    sizeBytes < largeBytes
      ? checksum(bytes) === expected.checksum
      : process.getBuiltinModule('node:zlib').crc32(bytes) === expected.crc32;
  if (!isWhole) {
    throw new Error(`${path} was changed after the model was packed: its checksum is another`);
  }
  return bytes;
}
