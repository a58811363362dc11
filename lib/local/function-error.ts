/** The payload that a caller receives instead of an answer, with `X-Amz-Function-Error: Unhandled`. */
export interface FunctionError {
  errorType: string;
  /** JSON, as the runtime or the platform writes it. */
  payload: Buffer;
}

/** An error that the platform reports, not the runtime. */
export function platformError(errorType: string, errorMessage: string): FunctionError {
  return { errorType, payload: Buffer.from(JSON.stringify({ errorType, errorMessage })) };
}

/** How a process ended, as `child_process` reports it. */
export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Lambda's platform is written in Go and uses Go's names for signals. */
const signalNames: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGILL: 'illegal instruction',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

export function exitError(requestId: string, { code, signal }: ProcessExit): FunctionError {
  const status = signal === null ? `exit status ${code}` : `signal: ${signalNames[signal] ?? signal}`;
  const reason =
    code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: ${status}`;
  return platformError('Runtime.ExitError', `RequestId: ${requestId} Error: ${reason}`);
}

export function timeoutError(requestId: string, timeoutSeconds: number): FunctionError {
  const message = `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
  return platformError('Sandbox.Timedout', message);
}

/** Lambda's reports contain only the platform's own error types; a function's are all `Runtime.Unknown`. */
export function reportedErrorType({ errorType }: FunctionError): string {
  return /^(Runtime|Function|Sandbox)\.[A-Z][A-Za-z]+$/.test(errorType) ? errorType : 'Runtime.Unknown';
}
