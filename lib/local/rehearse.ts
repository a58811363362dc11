import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RuntimeApi, startRuntimeApi } from './runtime-api.ts';
import { rapidClient } from './runtime-client/rapid-client.ts';

/** A machine that has run out of connections may lose one without an error. */
const mostMs = 3000;

/**
 * Runs one exchange of the Runtime API within coldpress. The first one takes about 7 ms in its process, which would
 * otherwise be reported as part of the function's cold start.
 */
export async function rehearseInvocation(): Promise<void> {
  const api = await startRuntimeApi();
  const limit = new AbortController();
  try {
    await Promise.race([exchange(api), sleep(mostMs, undefined, limit)]);
  } catch {
    // The function will fail in the same way, and reports it.
  } finally {
    limit.abort();
    await api.close();
  }
}

async function exchange(api: RuntimeApi): Promise<void> {
  const runtime = rapidClient({ http, net }, api.address);
  const requestId = 'rehearsal';
  const payload = Buffer.from('{}');
  const { idle } = api.deliver({ requestId, deadlineMs: 0, functionArn: '', traceId: '', payload });
  await runtime.next();
  runtime.done(requestId, '{}');
  // Closing the server ends it.
  runtime.next().catch(() => {});
  await idle;
}
