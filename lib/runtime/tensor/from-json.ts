import { RequestError } from '../errors.ts';
import { show } from './show.ts';
import type { InferRequest } from './types.ts';

/** What an infinity is that `JSON.parse` returned. */
export const beyondDouble = 'a number beyond the range of a double; write "Infinity" or "-Infinity"';

/**
 * Reads an inference request as its JSON meant it: removes `null` fields, which some clients write for missing ones,
 * and rejects infinity, which a parser returns for a number too large for a double, `1e400`.
 * @param request - untrusted; the model checks it
 * @throws RequestError 400
 */
export function fromJson(request: InferRequest): InferRequest {
  const inputs: unknown = request.inputs;
  for (const input of Array.isArray(inputs) ? inputs : []) {
    if (isInfinite(input?.data, rankLimit)) {
      const where = `input ${show(input.name)}`;
      throw new RequestError(400, 'DATA', `${where} has ${beyondDouble}`);
    }
  }
  return Object.values(request).includes(null) ? withoutNull(request) : request;
}

function withoutNull(request: InferRequest): InferRequest {
  const fields = Object.entries(request).filter(([, value]) => value !== null);
  return Object.fromEntries(fields) as unknown as InferRequest;
}

/** Deeper data is rejected later, because it is deeper than its shape: no model has this many dimensions. */
const rankLimit = 64;

/** Whether flat or nested data contains an infinite number. Data that mixes both is rejected later. */
function isInfinite(data: unknown, levels: number): boolean {
  if (!Array.isArray(data)) {
    return false;
  }
  return Array.isArray(data[0])
    ? levels > 1 && data.some(part => isInfinite(part, levels - 1))
    : data.includes(Number.POSITIVE_INFINITY) || data.includes(Number.NEGATIVE_INFINITY);
}
