import type { IncomingHttpHeaders } from 'node:http';
import { cloudEventInvocation, type Invocation } from './invocation.ts';

let count = 0;

/** One Cloud Run request, with the functions framework's identifier or a counter. */
export function httpInvocation(
  headers: IncomingHttpHeaders,
  clock: { env: NodeJS.ProcessEnv; now: () => number },
): Invocation {
  const { traceparent, 'function-execution-id': executionId } = headers;
  count += 1;
  return cloudEventInvocation({ id: String(executionId ?? count), traceparent }, clock);
}
