import { exitError, type FunctionError, type ProcessExit, timeoutError } from './function-error.ts';

/** Why there is no answer: the function returned an error or could not start, its process ended, or it timed out. */
export type Failure =
  | { kind: 'error'; error: FunctionError }
  | { kind: 'init-error'; error: FunctionError }
  | { kind: 'exit'; exit: ProcessExit }
  | { kind: 'timeout' };

export type Outcome = { kind: 'response'; payload: Buffer; contentType: string } | Failure;

/** The error that Lambda returns. */
export function errorOf(failure: Failure, requestId: string, timeoutSeconds: number): FunctionError {
  switch (failure.kind) {
    case 'error':
    case 'init-error':
      return failure.error;
    case 'exit':
      return exitError(requestId, failure.exit);
    case 'timeout':
      return timeoutError(requestId, timeoutSeconds);
  }
}

/** Waits for `work`, but no longer than `ms`. */
export async function orTimeout<T>(work: Promise<T>, ms: number): Promise<T | { kind: 'timeout' }> {
  const { promise, resolve } = Promise.withResolvers<{ kind: 'timeout' }>();
  const timer = setTimeout(() => resolve({ kind: 'timeout' }), Math.max(0, ms));
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
