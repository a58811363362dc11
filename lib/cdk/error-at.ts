import type { Construct } from 'constructs';
import { ColdpressError } from '../errors.ts';

/** What went wrong, as coldpress says it anywhere. */
export interface Problem {
  code: string;
  message: string;
  hint?: string | undefined;
}

/**
 * A problem of a construct, told in full by its message: path, code, what failed, what to do. Without a stack, which
 * would lead to coldpress instead of the app's own line, and is what Node prints of an error that ends a process.
 */
export function errorAt(scope: Construct, id: string, { code, message, hint }: Problem): ColdpressError {
  const path = [scope.node.path, id].filter(part => part !== '').join('/');
  const advice = hint === undefined ? '' : `\n  ${hint}`;
  const error = new ColdpressError(code, `${path}: ${code}: ${message}${advice}`);
  error.stack = `${error.name}: ${error.message}`;
  // Node prints the fields that can be listed a second time.
  for (const field of ['code', 'hint', 'name']) {
    Object.defineProperty(error, field, { enumerable: false });
  }
  return error;
}
