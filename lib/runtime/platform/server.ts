import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ColdpressFunction } from '../function.ts';
import { plainServer } from '../http/platform.ts';
import type { HttpPlatform, HttpResponse } from '../http/types.ts';
import type { Observe } from '../telemetry/observe.ts';
import { newTally } from '../telemetry/tally.ts';
import { parseTrace } from '../telemetry/trace.ts';
import type { ServerPlan } from './container.ts';
import { type Hold, openHold } from './hold-bodies.ts';
import type { Invocation } from './invocation.ts';
import { holdOrRefuse, takeBody } from './take-body.ts';
import { whenQuiet } from './when-quiet.ts';
import { writeResponse } from './write-response.ts';

/**
 * Longer than load balancers keep an idle connection: if the server closed it first, a request might be on its way.
 * https://cloud.google.com/load-balancing/docs/https/troubleshooting-ext-https-lbs has the longest time.
 */
const keepAliveMs = 620_000;
/** Reserved before the platform kills the process. */
const spareMs = 1000;

/**
 * Answers HTTP requests until the platform sends SIGTERM, then late requests, and ends once no more arrive.
 * @param options.fail - receives the error if the server cannot listen
 */
export function startServer(
  fn: ColdpressFunction,
  {
    plan,
    observe,
    process,
    fail,
  }: { plan: ServerPlan; observe: Observe; process: NodeJS.Process; fail: (error: Error) => void },
): void {
  let open = 0;
  let hasCome = false;
  let isDraining = false;
  let count = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    count += 1;
    const invocation = invocationOf(request, { count, timeoutMs: plan.timeoutMs });
    const hold = openHold();
    const platform: HttpPlatform = {
      ...plainServer,
      name: plan.name,
      maxRequestBytes: plan.payloadBytes,
      maxResponseBytes: plan.payloadBytes,
      streams: true,
      remainingMs: invocation.remainingMs,
      tally: invocation.tally,
      isDraining,
      hold: holdOrRefuse(hold),
    };
    async function run() {
      const answer = await respond(fn, request, { platform, hold });
      await writeResponse(answer, response, { isLast: isDraining });
      return { statusCode: answer.status };
    }
    try {
      // Probes arrive every few seconds and have no use in telemetry.
      await (request.method === 'POST' ? observe(invocation, 'http', { event: undefined, run }) : run());
    } catch {
      // The client disconnected while it sent its body, so nothing reads an answer.
      response.destroy();
    } finally {
      hold.release();
    }
  }

  const server = createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
    open += 1;
    hasCome = true;
    response.once('close', () => {
      open -= 1;
    });
    answer(request, response);
  });
  server.once('error', fail);
  server.listen({ port: plan.port, host: plan.host });

  function isBusy() {
    const wasBusy = open > 0 || hasCome;
    hasCome = false;
    return wasBusy;
  }

  const { leastMs, killMs } = plan.shutdown;
  process.once('SIGTERM', () => {
    isDraining = true;
    whenQuiet({ isBusy, leastMs, mostMs: killMs - spareMs }, () => {
      // Open requests are answered first.
      server.close(() => process.exit());
      server.closeIdleConnections();
    });
  });
  // Without this, Ctrl-C cannot end the first process of a container.
  process.once('SIGINT', () => process.exit());
}

async function respond(
  fn: ColdpressFunction,
  request: IncomingMessage,
  { platform, hold }: { platform: HttpPlatform; hold: Hold },
): Promise<HttpResponse> {
  const { bodyBytes } = fn.model.manifest.http.limits;
  const body = await takeBody(request, { limits: { bodyBytes, platform }, hold });
  if (body.refusal !== undefined) {
    return body.refusal;
  }
  const { method = 'GET', url = '/' } = request;
  const [path = '/', query] = url.split('?', 2);
  const headers = request.headers as Record<string, string | undefined>;
  return fn.http({ method, path, query, headers, body: body.bytes }, platform);
}

function invocationOf(
  { headers }: IncomingMessage,
  { count, timeoutMs }: { count: number; timeoutMs: number },
): Invocation {
  const { traceparent, 'x-request-id': id } = headers;
  const endMs = Date.now() + timeoutMs;
  return {
    // The caller's, which must not make the line in the log longer than containers may write one.
    requestId: String(id ?? count).slice(0, 200),
    remainingMs: () => endMs - Date.now(),
    trace: typeof traceparent === 'string' ? parseTrace(traceparent) : undefined,
    tally: newTally(),
  };
}
