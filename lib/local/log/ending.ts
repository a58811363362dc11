import type { ProcessExit } from '../function-error.ts';

/** Lambda's lines about a process that ended, and about an invocation that took too long. */
const exited =
  /^RequestId: \S+ Error: Runtime exited (?:without providing a reason|with error: (exit status \d+|signal: .+))$/;
const timedOut = /^\S+Z \S+ Task timed out after ([\d.]+) seconds$/;

/** Says in plain words what a line of Lambda's platform means; `undefined` for any other line. */
export function explainEnding(line: string): string | undefined {
  const seconds = timedOut.exec(line)?.[1];
  if (seconds !== undefined) {
    return describeTimeout(Number(seconds));
  }
  const end = exited.exec(line);
  return end === null ? undefined : describeEnd(end[1] ?? '');
}

export function describeTimeout(seconds: number): string {
  return `no answer within ${seconds} s`;
}

export function describeExit({ code, signal }: ProcessExit): string {
  return describeEnd(signal !== null ? `signal: ${signal}` : code === 0 ? '' : `exit status ${code}`);
}

/** @param status - `exit status 1`, `signal: killed`; empty for a normal end */
function describeEnd(status: string): string {
  const end = `the function's process ended before it answered${status && ` (${status})`}`;
  return status.startsWith('signal')
    ? `${end}; a usual cause is too little memory`
    : `${end}: the score called process.exit(), or waits for a promise that nothing settles`;
}
