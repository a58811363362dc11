import http from 'node:http';
import net from 'node:net';
import { startRuntimeApi } from './runtime-api.ts';
import { rapidClient } from './runtime-client/rapid-client.ts';

/**
 * Runs one exchange of the Runtime API within coldpress. The first takes its process some 7 ms, which would otherwise
 * be told as the function's cold start.
 */
export async function rehearseInvocation(): Promise<void> {
  const api = await startRuntimeApi();
  const runtime = rapidClient({ http, net }, api.address);
  const requestId = 'rehearsal';
  const payload = Buffer.from('{}');
  const { idle } = api.deliver({ requestId, deadlineMs: 0, functionArn: '', traceId: '', payload });
  await runtime.next();
  runtime.done(requestId, '{}');
  const interrupted = runtime.next().catch(() => {});
  await idle;
  await api.close();
  await interrupted;
}
