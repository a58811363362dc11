import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { arrayTypes } from '../../contract/arrays.ts';
import { PROGRAM_FILE } from '../../contract/files.ts';
import { toFloat16Bits } from '../../contract/float16.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { makeTemporaryFolder } from '../../temporary-folder.ts';
import { compileModel } from '../compile/compile.ts';
import { findConstantPart } from '../compile/constant-part.ts';
import { NotCovered } from '../compile/not-covered.ts';
import type { ConstantValue } from '../compile/value.ts';
import type { ExternalFile } from '../external-data.ts';
import type { OnnxModel } from '../read.ts';
import type { EngineLimits } from './engine-process.ts';
import { openEngine } from './open-engine.ts';
import { writeCompiled } from './write-compiled.ts';

/** Maximum growth from inputs to results; if results would be larger, the function computes them itself. */
const mostGrowthBytes = 2 ** 20;

/**
 * Runs the part of a model that depends on none of its inputs once, with the function's own kernels.
 * @returns the values that the rest of the model reads, by name; none if there is no such part or it cannot be run
 */
export async function foldConstants(
  model: OnnxModel,
  external: readonly ExternalFile[],
  limits: EngineLimits,
): Promise<Map<string, ConstantValue>> {
  const part = findConstantPart(model.proto);
  if (part === undefined) {
    return new Map();
  }
  const dir = await makeTemporaryFolder({ purpose: 'fold' });
  const path = join(dir, PROGRAM_FILE);
  const engine = openEngine({ engine: 'compiled', path, options: {}, env: {} }, limits);
  try {
    await writeCompiled(compileModel({ ...model, proto: part.proto }, external), dir);
    const names = part.proto.graph!.output.map(({ name }) => name);
    const result = await engine.run([], names);
    const tensors = result.kind === 'answered' ? result.tensors : [];
    return new Map(
      tensors
        .filter(tensor => sizeOf(tensor) <= part.sizeBytes + mostGrowthBytes)
        .map(tensor => [tensor.name, toConstant(tensor)]),
    );
  } catch (error) {
    if (error instanceof NotCovered) {
      return new Map();
    }
    throw error;
  } finally {
    engine.close();
    await rm(dir, { recursive: true, force: true });
  }
}

function sizeOf({ type, data }: ProbeTensor): number {
  return type === 'string'
    ? (data as string[]).reduce((sum, text) => sum + text.length, 0)
    : data.length * arrayTypes[type].BYTES_PER_ELEMENT;
}

/** Processes exchange float16 values as numbers. */
function toConstant({ type, dims, data }: ProbeTensor): ConstantValue {
  const bits = type === 'float16' ? Uint16Array.from(data as Float32Array, toFloat16Bits) : data;
  return { type, dims: [...dims], data: bits };
}
