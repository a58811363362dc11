import { RequestError } from '../errors.ts';
import { beyondDouble } from '../tensor/from-json.ts';

/** Maximum nesting of a record; deeper records would exceed the stack of a schema or its reader. */
const depthLimit = 500;

/**
 * Checks that a record matches its JSON: a parser turns a number too large for a double, `1e400`, into infinity.
 * @throws RequestError 400 that names the field
 */
export function checkJsonValue(record: unknown): void {
  const path = findInfinity(record, depthLimit);
  if (path !== undefined) {
    const place = path.length === 0 ? 'it' : path.reverse().join('.');
    throw new RequestError(400, 'RECORD', `${place} is ${beyondDouble}`, place);
  }
}

/** Returns the path of an infinite number, from its end. */
function findInfinity(value: unknown, depthLeft: number): string[] | undefined {
  if (typeof value === 'number') {
    return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY ? [] : undefined;
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) {
    return undefined;
  }
  if (depthLeft === 0) {
    const message = `it is nested deeper than ${depthLimit} arrays and objects`;
    throw new RequestError(400, 'DEPTH', message, message);
  }
  for (const key in value) {
    const path = findInfinity((value as Record<string, unknown>)[key], depthLeft - 1);
    if (path !== undefined) {
      path.push(key);
      return path;
    }
  }
  return undefined;
}
