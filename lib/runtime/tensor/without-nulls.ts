import type { InferRequest } from './types.ts';

/** Clients that write every field of a request write `null` for those that it does not have. */
export function withoutNulls(request: InferRequest): InferRequest {
  const fields = Object.entries(request).filter(([, value]) => value !== null);
  return Object.fromEntries(fields) as unknown as InferRequest;
}
