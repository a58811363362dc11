import { RequestError } from '../errors.ts';

/**
 * Returns the innermost arrays of nested data, in order, comparing every array on the way with the shape.
 * @throws RequestError 400 that names the dimension
 */
export function innermost(data: readonly unknown[], shape: readonly number[], where: string): unknown[][] {
  let level: readonly unknown[] = [data];
  for (const [axis, size] of shape.entries()) {
    for (const part of level) {
      if (!Array.isArray(part)) {
        throw bad(`${where}, dimension ${axis}: the data mixes arrays and values`);
      }
      if (part.length !== size) {
        throw bad(`${where}, dimension ${axis}: the data has ${part.length} where the shape says ${size}`);
      }
    }
    level = axis + 1 < shape.length ? (level as unknown[][]).flat() : level;
  }
  return level as unknown[][];
}

function bad(message: string): RequestError {
  return new RequestError(400, 'DATA', message, message);
}
