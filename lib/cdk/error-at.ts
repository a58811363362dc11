import type { Construct } from 'constructs';
import { ColdpressError } from '../errors.ts';

/** A problem as coldpress reports it everywhere. */
export interface Problem {
  code: string;
  message: string;
  hint?: string | undefined;
  /** As in `ColdpressError`. */
  table?: readonly Record<string, string>[] | undefined;
}

/**
 * Makes an error of a construct whose message is complete: path, code, what failed, what to do. It has no stack, which
 * Node prints for uncaught errors and which would point to coldpress instead of the app's own line.
 */
export function errorAt(
  scope: Construct | undefined,
  id: string,
  { code, message, hint }: Problem,
): ColdpressError {
  const path = [scope?.node.path ?? '', id].filter(part => part !== '').join('/');
  const advice = hint === undefined ? '' : `\n  ${hint}`;
  const error = new ColdpressError(code, `${path}: ${code}: ${message}${advice}`);
  error.stack = `${error.name}: ${error.message}`;
  // Not enumerable, or Node would print these fields a second time.
  for (const field of ['code', 'hint', 'table', 'name']) {
    Object.defineProperty(error, field, { enumerable: false });
  }
  return error;
}
