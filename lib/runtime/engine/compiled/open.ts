import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { arrayTypes } from '../../../contract/arrays.ts';
import type { PressedManifest } from '../../../contract/manifest.ts';
import type { Program, Section } from '../../../contract/program.ts';
import type { TensorData } from '../../../contract/tensor-data.ts';
import type { Session } from '../session.ts';
import { EngineTensor } from '../tensor.ts';
import * as usedKernels from './kernels/used.ts';
import { type Parts, readyGraph } from './run-graph.ts';

/**
 * Opens a compiled model.
 * @throws Error when its program or its weights cannot be read, or are not those that were packed
 */
export function openCompiled(dir: string, { model }: PressedManifest): Session {
  return openProgramFile(join(dir, model.path));
}

/** Opens a program, with the weights beside it. */
export function openProgramFile(path: string): Session {
  const program: Program = JSON.parse(readFileSync(path, 'utf8'));
  return openProgram(program, readWeights(path, program));
}

/** Bytes that begin at a multiple of 8 of their buffer. */
type Weights = Uint8Array<ArrayBuffer>;

export function openProgram(
  program: Program,
  weights: Weights,
  kernels: Parts['kernels'] = usedKernels,
): Session {
  const view = ({ type, offset, length }: Section): TensorData =>
    new arrayTypes[type](weights.buffer, weights.byteOffset + offset, length);
  const constants = program.constants.map(
    ({ type, dims, data }) => new EngineTensor(type, Array.isArray(data) ? data : view(data), dims),
  );
  const run = readyGraph(program.graph, { kernels, constants, view });
  return {
    run(inputs, outputNames) {
      const wanted = outputNames.map(name => program.outputs.indexOf(name));
      const outputs = run(
        program.inputs.map(name => inputs.get(name)),
        wanted,
      );
      return wanted.map(index => outputs[index] as EngineTensor);
    },
    close() {},
  };
}

/**
 * The weights of the program in a file: one read, into one buffer that all of them are views of.
 * @throws Error where they are not whole
 */
export function readWeights(
  programPath: string,
  { weights: { path, sizeBytes, crc32: expected } }: Program,
): Weights {
  const bytes = readFileSync(join(dirname(programPath), path));
  if (bytes.length !== sizeBytes) {
    throw new Error(`${path} has ${bytes.length} bytes, where the model was packed with ${sizeBytes}`);
  }
  if (crc32(bytes) !== expected) {
    throw new Error(`${path} was changed after the model was packed: its checksum is another`);
  }
  return bytes;
}
