import type { PressedManifest } from '../../contract/manifest.ts';
import { RequestError } from '../errors.ts';
import { show } from '../tensor/show.ts';

export interface ExtentLimits {
  /** Maximum records of a request. */
  batch: number;
  /** Maximum elements of an input. */
  elements: number;
}

/**
 * Rejects shapes larger than any request can carry. Data is compared with its shape later; this check stops shapes that
 * have a dimension of 0, and so no data, but for which the model would create outputs.
 * @throws RequestError 413 that names the input and the dimension
 */
export function checkExtent(
  inputs: unknown,
  { signature, rows, limits }: Pick<PressedManifest, 'signature' | 'rows'> & { limits: ExtentLimits },
): void {
  const { batch, elements } = limits;
  if (!Array.isArray(inputs)) {
    return;
  }
  for (const input of inputs) {
    const shape: unknown = input?.shape;
    if (!Array.isArray(shape)) {
      continue;
    }
    const rowAxis = signature.inputs.find(({ name }) => name === input.name)?.rowAxis;
    // The only dimension of a vector might be a sequence, unless its elements are proven to be records.
    const countsRows = shape.length > 1 || rows.independent;
    let extent = 1;
    for (let axis = 0; axis < shape.length; axis++) {
      // The comparison with the signature rejects any other value.
      const size = typeof shape[axis] === 'number' ? shape[axis] : 0;
      const limit = axis === rowAxis && countsRows ? batch : elements;
      extent *= Math.max(1, size);
      if (size > limit || extent > elements) {
        const where = `input ${show(input.name)}, dimension ${axis}`;
        const most =
          size > limit ? `at most ${limit} are accepted` : `an input has at most ${elements} elements`;
        throw new RequestError(413, 'EXTENT', `${where} is ${show(size)}; ${most}`);
      }
    }
  }
}
