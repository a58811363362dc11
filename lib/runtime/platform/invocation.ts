import type { Tally } from '../telemetry/tally.ts';
import { newTally } from '../telemetry/tally.ts';
import { parseTrace, type Trace } from '../telemetry/trace.ts';

/** The platform's details of one invocation. */
export interface Invocation {
  requestId: string;
  /** Returns the milliseconds until the platform ends the invocation. */
  remainingMs: () => number;
  readonly trace: Trace | undefined;
  /** Filled in by the source. */
  tally: Tally;
}

/** The part of Lambda's context that coldpress uses. */
export interface LambdaContext {
  awsRequestId: string;
  getRemainingTimeInMillis(): number;
  xRayTraceId?: string;
}

export function lambdaInvocation(context: LambdaContext, env: NodeJS.ProcessEnv): Invocation {
  // The runtime sets the variable for each invocation; newer runtimes set the context's field.
  const header = context.xRayTraceId ?? env._X_AMZN_TRACE_ID;
  return {
    requestId: context.awsRequestId,
    remainingMs: () => context.getRemainingTimeInMillis(),
    // Parsed when it is read, which for most invocations is after the answer.
    get trace() {
      return parseTrace(header);
    },
    tally: newTally(),
  };
}

/** Cloud Run's default if the variable is missing; https://cloud.google.com/run/docs/configuring/request-timeout */
const defaultTimeoutSeconds = 60;

export function cloudEventInvocation(
  event: { id: string; traceparent?: unknown },
  { env, now }: { env: NodeJS.ProcessEnv; now: () => number },
): Invocation {
  const endMs = now() + 1000 * (Number(env.CLOUD_RUN_TIMEOUT_SECONDS) || defaultTimeoutSeconds);
  return {
    requestId: event.id,
    remainingMs: () => endMs - now(),
    trace: typeof event.traceparent === 'string' ? parseTrace(event.traceparent) : undefined,
    tally: newTally(),
  };
}
