import type { Tally } from '../telemetry/tally.ts';
import { newTally } from '../telemetry/tally.ts';
import { parseTrace, type Trace } from '../telemetry/trace.ts';

/** What the platform says of one invocation. */
export interface Invocation {
  requestId: string;
  /** Milliseconds until the platform ends it. */
  remainingMs: () => number;
  trace: Trace | undefined;
  /** Filled by the source. */
  tally: Tally;
}

/** What Lambda's context has of it. */
export interface LambdaContext {
  awsRequestId: string;
  getRemainingTimeInMillis(): number;
  xRayTraceId?: string;
}

export function lambdaInvocation(context: LambdaContext, env: NodeJS.ProcessEnv): Invocation {
  return {
    requestId: context.awsRequestId,
    remainingMs: () => context.getRemainingTimeInMillis(),
    // The runtime sets the variable anew for each invocation, and newer ones the context's field.
    trace: parseTrace(context.xRayTraceId ?? env._X_AMZN_TRACE_ID),
    tally: newTally(),
  };
}

/** Cloud Run's own limit where it is not told; https://cloud.google.com/run/docs/configuring/request-timeout */
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
