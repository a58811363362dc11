import { RequestError } from '../errors.ts';
import { show } from './show.ts';
import type { InferRequest } from './types.ts';

/**
 * An inference request as its JSON meant it. Clients that write every field write `null` for those that they do not
 * have; and of a number too great for a double, `1e400`, a parser makes an infinity.
 * @param request - untrusted: the model checks it
 * @throws RequestError 400
 */
export function fromJson(request: InferRequest): InferRequest {
  const inputs: unknown = request.inputs;
  for (const input of Array.isArray(inputs) ? inputs : []) {
    if (isInfinite(input?.data, rankLimit)) {
      const where = `input ${show(input.name)}`;
      throw new RequestError(
        400,
        'DATA',
        `${where} has a number beyond the range of a double; an infinity is spelled "Infinity" or "-Infinity"`,
      );
    }
  }
  const fields = Object.entries(request).filter(([, value]) => value !== null);
  return Object.fromEntries(fields) as unknown as InferRequest;
}

/** Data that is nested deeper is refused later, as it is deeper than its shape: no model has so many dimensions. */
const rankLimit = 64;

/** Whether flat or nested data has an infinite number. What mixes both is refused later. */
function isInfinite(data: unknown, levels: number): boolean {
  if (!Array.isArray(data)) {
    return false;
  }
  return Array.isArray(data[0])
    ? levels > 1 && data.some(part => isInfinite(part, levels - 1))
    : data.includes(Number.POSITIVE_INFINITY) || data.includes(Number.NEGATIVE_INFINITY);
}
