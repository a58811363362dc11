/**
 * coldpress's own runtime client, used if AWS's is not installed. It runs in the function's process and behaves like
 * aws-lambda-ric in all that a function can observe: handler lookup, error types, log lines, streaming.
 */
import { functionContext } from './context.ts';
import { formatError } from './format-error.ts';
import { loadHandler } from './load-handler.ts';
import { patchConsole } from './patch-console.ts';
import { rapidClient } from './rapid-client.ts';
import { HttpResponseStream, isStreaming, openResponseStream, streamifyResponse } from './response-stream.ts';

const { AWS_LAMBDA_RUNTIME_API: endpoint = '', LAMBDA_TASK_ROOT = '', _HANDLER = '' } = process.env;
const invocation = { requestId: '-' };

Object.assign(globalThis, { awslambda: { streamifyResponse, HttpResponseStream } });
patchConsole(invocation);

// An import would evaluate all exports, among them WebSocket, and so load undici: 50 ms of the cold start.
const transport = { http: process.getBuiltinModule('node:http'), net: process.getBuiltinModule('node:net') };
const rapid = rapidClient(transport, endpoint);
const handler = await loadHandler(LAMBDA_TASK_ROOT, _HANDLER).catch(failInit);

for (;;) {
  const { bodyJson, headers } = await rapid.next();
  const context = functionContext(headers, process.env);
  invocation.requestId = context.awsRequestId;
  process.env._X_AMZN_TRACE_ID = String(headers['lambda-runtime-trace-id'] ?? '');
  await answer(JSON.parse(bodyJson), context);
}

async function answer(event: unknown, context: ReturnType<typeof functionContext>) {
  const id = encodeURIComponent(context.awsRequestId);
  const stream = isStreaming(handler) ? openResponseStream(endpoint, id) : undefined;
  try {
    if (stream === undefined) {
      rapid.done(id, stringify(await handler(event, context)));
    } else {
      await handler(event, stream.writable, context);
      await stream.finished();
    }
  } catch (error) {
    console.error('Invoke Error', JSON.stringify(formatError(error)));
    if (stream === undefined) {
      rapid.error(id, JSON.stringify(formatError(error)), '');
    } else {
      await stream.fail(formatError(error));
    }
  }
}

function stringify(result: unknown): string {
  try {
    return JSON.stringify(result === undefined ? null : result);
  } catch {
    throw Object.assign(new Error('Unable to stringify response body'), {
      name: 'Runtime.JSONStringifyError',
    });
  }
}

async function failInit(error: unknown): Promise<never> {
  const formatted = formatError(error);
  console.error('Init Error', JSON.stringify(formatted));
  await fetch(`http://${endpoint}/2018-06-01/runtime/init/error`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Function-Error-Type': formatted.errorType,
    },
    body: JSON.stringify(formatted),
  });
  process.exit(1);
}
