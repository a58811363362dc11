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
    if (isInfinite(input?.data)) {
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

/** Whether flat or nested data has an infinite number. What mixes both is refused later. */
function isInfinite(data: unknown): boolean {
  return (
    Array.isArray(data) &&
    (Array.isArray(data[0])
      ? data.some(isInfinite)
      : data.includes(Number.POSITIVE_INFINITY) || data.includes(Number.NEGATIVE_INFINITY))
  );
}
