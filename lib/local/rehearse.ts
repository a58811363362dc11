import http from 'node:http';
import net from 'node:net';
import { startRuntimeApi } from './runtime-api.ts';
import { rapidClient } from './runtime-client/rapid-client.ts';

/**
 * Runs one exchange of the Runtime API within coldpress. The first one takes about 7 ms in its process, which would
 * otherwise be reported as part of the function's cold start.
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
