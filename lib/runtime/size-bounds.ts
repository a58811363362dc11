import type { Manifest, PressedManifest } from '../contract/manifest.ts';
import type { EngineTensor } from './engine/tensor.ts';
import { raiseElements, tooLarge } from './too-large.ts';

/**
 * Bytes of memory for each element of the largest tensor that inputs may make. A FLOAT takes 4; an operator holds what
 * it takes beside what it makes, and engines round up and keep indices: docs/limits.md has what was measured.
 */
const bytesPerElement = 16;

/** Of a cgroup without a limit, Node tells a number beyond any memory. */
const mostMemory = 2 ** 50;

/**
 * Elements of the largest tensor that inputs may make: the config's, or a 16th of the bytes of memory. That is what
 * Lambda says in `AWS_LAMBDA_FUNCTION_MEMORY_SIZE`; elsewhere the limit of the cgroup, or the machine's.
 */
export function mostElements({ http }: PressedManifest & Partial<Pick<Manifest, 'http'>>): number {
  const lambdaMb = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE);
  const memory = lambdaMb > 0 ? lambdaMb * 2 ** 20 : process.constrainedMemory();
  const bytes =
    memory > 0 && memory < mostMemory ? memory : process.getBuiltinModule('node:os').totalmem();
  return http?.limits.elements ?? Math.floor(bytes / bytesPerElement);
}

/**
 * Computes what the model's operators would make of inputs, by the bounds that were learnt when it was pressed.
 * @throws RequestError 413 SIZE
 */
export function checkSizes(
  { sizes, bounds }: NonNullable<PressedManifest['bounds']>,
  inputs: Map<string, EngineTensor>,
  most: number,
): void {
  const values = sizes.map(({ input, axis }) => {
    const tensor = inputs.get(input);
    return axis === null
      ? ((tensor?.data as string[]) ?? []).reduce((longest, text) => Math.max(longest, text.length), 0)
      : (tensor?.dims[axis] ?? 1);
  });
  for (const { operator, dims } of bounds) {
    let made = 1;
    for (const terms of dims) {
      let size = 0;
      for (const [factor, ...of] of terms) {
        size += of.reduce((product, index) => product * values[index]!, factor);
      }
      made *= size;
    }
    if (made > most) {
      throw tooLarge(operator, `${Math.round(made)} elements`, { most, hint: raiseElements });
    }
  }
}
