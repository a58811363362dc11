import { RequestError } from '../errors.ts';

/** What became of one record. */
export type Outcome =
  | { ok: true; result: unknown }
  /** `final`: it fails each time, so there is no use in bringing it again. */
  | { ok: false; error: Error; final: boolean };

export function failed(error: unknown): Outcome & { ok: false } {
  const known = error instanceof Error ? error : new Error(String(error));
  return { ok: false, error: known, final: isFinal(known) };
}

/** A `RequestError` that does not say "later" is the record's own fault. */
export function isFinal(error: unknown): boolean {
  return error instanceof RequestError && error.status < 500 && error.status !== 429;
}

/** Whether an error says "later", which no halving of a batch changes. */
export function isTransient(error: unknown): boolean {
  return error instanceof RequestError && !isFinal(error);
}
