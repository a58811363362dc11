import { RequestError } from '../errors.ts';
import { show } from '../tensor/show.ts';

/**
 * Refuses shapes that speak of more than a request can carry. Data is compared with its shape later; this stops the
 * shapes that have a dimension of 0 and so no data, but of which the model would make outputs.
 * @throws RequestError 413, naming the input and the dimension
 */
export function checkExtent(inputs: unknown, { batch, elements }: { batch: number; elements: number }): void {
  if (!Array.isArray(inputs)) {
    return;
  }
  for (const input of inputs) {
    const shape: unknown = input?.shape;
    if (!Array.isArray(shape)) {
      continue;
    }
    let extent = 1;
    for (let axis = 0; axis < shape.length; axis++) {
      const size = shape[axis];
      // The one dimension of a vector may as well be a sequence.
      const limit = axis === 0 && shape.length > 1 ? batch : elements;
      extent *= Math.max(1, Number(size) || 0);
      if (size > limit || extent > elements) {
        const where = `input ${show(input.name)}, dimension ${axis}`;
        throw new RequestError(
          413,
          'EXTENT',
          `${where} is ${show(size)}: at most ${limit} are taken here, and ${elements} elements`,
        );
      }
    }
  }
}
