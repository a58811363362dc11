import { RequestError } from '../errors.ts';

/** The outcome of one record. */
export type Outcome =
  | { ok: true; result: unknown }
  /** `final`: it fails every time, so redelivering it is useless. */
  | { ok: false; error: Error; final: boolean };

/**
 * Classifies whether a failed record may succeed later. A `RequestError` has a status: 429 and 5xx mean later, and
 * halving the batch does not change that. Any other error is of unknown kind.
 */
export function classify(error: unknown): 'final' | 'transient' | 'unknown' {
  if (!(error instanceof RequestError)) {
    return 'unknown';
  }
  return error.status === 429 || error.status >= 500 ? 'transient' : 'final';
}

/**
 * @param options.othersSucceeded - whether other records of the batch succeeded: an error of unknown kind is then the
 *   record's own. If none did, the function or a dependency is probably broken (default: false)
 */
export function failed(error: unknown, { othersSucceeded = false } = {}): Outcome & { ok: false } {
  const known = error instanceof Error ? error : new Error(String(error));
  const kind = classify(known);
  return { ok: false, error: known, final: kind === 'final' || (kind === 'unknown' && othersSucceeded) };
}
