import type { InvokeResult } from './answer.ts';
import { modelPath } from './model-request.ts';
import type { Question } from './question.ts';
import { readBytes } from './read-bytes.ts';
import type { ServerFunction } from './server-function.ts';
import { parseServerTiming } from './server-timing.ts';

export interface ServerRequest {
  path: string;
  /** If absent, the request is a GET. */
  body?: string;
  contentType?: string;
}

/** The request for records or for an inference; without either, for the model's metadata. */
export function requestOf(name: string, { input, record }: Question): ServerRequest {
  if (record !== undefined) {
    return { path: '/', body: record.text, ...(record.contentType && { contentType: record.contentType }) };
  }
  const model = modelPath(name);
  return input === undefined ? { path: model } : { path: `${model}/infer`, body: input };
}

/**
 * Starts a function that runs its own server, sends it one request, and ends it.
 * @param start - passes the function's log output to its argument
 */
export async function requestOnce(
  start: (onLog: (text: string) => void) => Promise<ServerFunction>,
  toRequest: (name: string) => ServerRequest,
): Promise<InvokeResult> {
  let logs = '';
  const served = await start(text => {
    logs += text;
  });
  try {
    const { instance, engine, runtimeClient, node, manifest } = served;
    const { path, body, contentType = 'application/json' } = toRequest(manifest.name);
    const startedAt = performance.now();
    const response = await fetch(instance.url + path, {
      ...(body === undefined ? {} : { method: 'POST', headers: { 'content-type': contentType }, body }),
    });
    const answered = Buffer.from(await response.arrayBuffer());
    const answerMs = performance.now() - startedAt;
    const headers = Object.fromEntries(response.headers);
    const maxMemoryUsedMb = instance.memoryMb() ?? null;
    await served.close();
    const initMs = instance.readyMs;
    return {
      statusCode: response.status,
      headers,
      ...readBytes(answered),
      phases: {
        engine: engine.kind,
        initMs,
        answerMs,
        totalMs: initMs + answerMs,
        inside: parseServerTiming(headers['server-timing'] ?? ''),
      },
      runtimeClient,
      node,
      engine: engine.kind === 'host' ? { kind: engine.kind, note: engine.note } : { kind: engine.kind },
      report: { durationMs: answerMs, maxMemoryUsedMb },
      logs,
    };
  } finally {
    await served.close();
  }
}
