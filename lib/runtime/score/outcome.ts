import { RequestError } from '../errors.ts';

/** What became of one record. */
export type Outcome =
  | { ok: true; result: unknown }
  /** `final`: it fails each time, so there is no use in delivering it again. */
  | { ok: false; error: Error; final: boolean };

/**
 * Whether a record that failed may succeed at another time. A `RequestError` says so by its status: 429 and from 500
 * on mean later, which no halving of a batch changes. Any other error does not tell.
 */
export function classify(error: unknown): 'final' | 'transient' | 'unknown' {
  if (!(error instanceof RequestError)) {
    return 'unknown';
  }
  return error.status === 429 || error.status >= 500 ? 'transient' : 'final';
}

/**
 * @param options.othersSucceeded - whether others of the batch did: an error of unknown kind is then the record's own.
 *   Where none did, the function is rather broken, or what it depends on. Default: no
 */
export function failed(error: unknown, { othersSucceeded = false } = {}): Outcome & { ok: false } {
  const known = error instanceof Error ? error : new Error(String(error));
  const kind = classify(known);
  return { ok: false, error: known, final: kind === 'final' || (kind === 'unknown' && othersSucceeded) };
}
