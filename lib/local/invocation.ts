import { reportedErrorType } from './function-error.ts';
import { errorOf, type Failure, type Outcome } from './outcome.ts';
import { formatReport, type Report } from './report.ts';

/** One completed invocation. */
export interface Invocation {
  requestId: string;
  /** The function's answer, or the error's JSON. */
  payload: Buffer;
  /** JSON's, or the one that a streaming function set. */
  contentType: string;
  functionError?: 'Unhandled';
  /** All output since the previous invocation, from INIT to REPORT. */
  logs: string;
  report: Report;
  /** From the process's start to its first `/next`; absent if a warm instance answered. */
  initMs?: number;
  /** From sending the invocation to the end of its answer. */
  answerMs: number;
}

export interface InvocationFacts {
  requestId: string;
  outcome: Outcome;
  timeoutSeconds: number;
  memoryMb: number;
  maxMemoryUsedMb: number | undefined;
  durationMs: number;
  /** Duration of an INIT phase that no report has included yet. */
  initDurationMs: number | undefined;
}

/** Lambda's result of an invocation: the payload for the caller, the report, and the last lines of the log. */
export function concludeInvocation(facts: InvocationFacts) {
  const { requestId, outcome, durationMs, initDurationMs } = facts;
  const report: Report = {
    durationMs,
    billedDurationMs: Math.ceil(durationMs + (initDurationMs ?? 0)),
    memorySizeMb: facts.memoryMb,
    maxMemoryUsedMb: facts.maxMemoryUsedMb ?? null,
    ...(initDurationMs === undefined ? {} : { initDurationMs }),
    ...(outcome.kind === 'response' || outcome.kind === 'error' ? {} : failureStatus(outcome)),
  };
  const lines = `${lastWords(facts)}END RequestId: ${requestId}\n${formatReport(requestId, report)}`;
  if (outcome.kind === 'response') {
    return { payload: outcome.payload, contentType: outcome.contentType, report, lines };
  }
  const { payload } = errorOf(outcome, requestId, facts.timeoutSeconds);
  return { payload, contentType: 'application/json', functionError: 'Unhandled' as const, report, lines };
}

/** The `Status` and `Error Type` fields of a report. */
export function failureStatus(failure: Failure): Pick<Report, 'status' | 'errorType'> {
  if (failure.kind === 'timeout') {
    return { status: 'timeout' };
  }
  return { status: 'error', errorType: reportedErrorType(errorOf(failure, '', 0)) };
}

/** The platform's log line for an end that the function could not report itself. */
function lastWords({ requestId, outcome, timeoutSeconds }: InvocationFacts): string {
  if (outcome.kind === 'timeout') {
    return `${new Date().toISOString()} ${requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds\n`;
  }
  if (outcome.kind !== 'exit') {
    return '';
  }
  const { errorType, errorMessage } = JSON.parse(
    errorOf(outcome, requestId, timeoutSeconds).payload.toString(),
  );
  return `${errorMessage}\n${errorType}\n`;
}
