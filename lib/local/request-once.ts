import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, InvokeResult } from './answer.ts';
import { describeExit, describeTimeout } from './log/ending.ts';
import { modelPath } from './model-request.ts';
import type { LocalOptions } from './options.ts';
import type { Question } from './question.ts';
import { readBytes } from './read-bytes.ts';
import type { ServerFunction } from './server-function.ts';
import type { ServerProcess } from './server-process.ts';
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

/** The timeout of Cloud Run functions by default; a container has none of its own. */
const defaultTimeoutSeconds = 60;

/**
 * Starts a function that runs its own server, sends it one request, and ends it. A process that ends, or that does not
 * answer in time, is a result, with Lambda's names for it.
 * @param start - passes the function's log output to its argument
 */
export async function requestOnce(
  start: (onLog: (text: string) => void) => Promise<ServerFunction>,
  toRequest: (name: string) => ServerRequest,
  { timeoutSeconds = defaultTimeoutSeconds, signal }: Pick<LocalOptions, 'timeoutSeconds' | 'signal'>,
): Promise<InvokeResult> {
  let logs = '';
  const served = await start(text => {
    logs += text;
  });
  try {
    const { instance, engine, runtimeClient, node, manifest } = served;
    const { path, body, contentType = 'application/json' } = toRequest(manifest.name);
    const startedAt = performance.now();
    const limit = AbortSignal.timeout(timeoutSeconds * 1000);
    const answered = await ask(instance.url + path, {
      ...(body === undefined ? {} : { method: 'POST', headers: { 'content-type': contentType }, body }),
      signal: limit,
    }).catch(async error => {
      signal?.throwIfAborted();
      if (limit.aborted) {
        instance.kill();
        return failure('Sandbox.Timedout', describeTimeout(timeoutSeconds));
      }
      if (error instanceof TypeError && (await hasEnded(instance))) {
        return failure('Runtime.ExitError', describeExit(await instance.exited));
      }
      throw error;
    });
    const answerMs = performance.now() - startedAt;
    const { headers = {} } = answered;
    const maxMemoryUsedMb = instance.memoryMb() ?? null;
    await served.close();
    const initMs = instance.readyMs;
    return {
      ...answered,
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

type Asked = Omit<Answer, 'headers'> & { headers?: Record<string, string> };

async function ask(url: string, init: RequestInit): Promise<Asked> {
  const response = await fetch(url, init);
  const bytes = Buffer.from(await response.arrayBuffer());
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    ...readBytes(bytes),
  };
}

function failure(errorType: string, errorMessage: string): Asked {
  return { answer: { errorType, errorMessage }, functionError: 'Unhandled' };
}

/** A connection that broke is the first sign of a process that ends. */
async function hasEnded({ exited }: Pick<ServerProcess, 'exited'>): Promise<boolean> {
  return Promise.race([exited.then(() => true), sleep(1000, false, { ref: false })]);
}
