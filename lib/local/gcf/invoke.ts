import { ColdpressError } from '../../errors.ts';
import type { InvokeResult } from '../answer.ts';
import { modelPath } from '../model-request.ts';
import { readBytes } from '../read-bytes.ts';
import { parseServerTiming } from '../server-timing.ts';
import type { GcfOptions } from './options.ts';
import { startGcf } from './start.ts';

/** How a gcf artifact is asked once: an inference request over HTTP, or an event as Eventarc or Pub/Sub delivers it. */
export async function invokeGcf(
  dir: string,
  options: Omit<GcfOptions, 'port' | 'signature'> & {
    event?: string | undefined;
    input?: string | undefined;
  },
): Promise<InvokeResult> {
  const { event, input, ...rest } = options;
  const isEvent = event !== undefined;
  let logs = '';
  const onLog = (text: string) => {
    logs += text;
    rest.onLog?.(text);
  };
  const delivery = isEvent ? deliveryOf(event) : undefined;
  const served = await startGcf(dir, {
    ...rest,
    onLog,
    port: 0,
    signature: isEvent ? 'cloudevent' : 'http',
  });
  try {
    const { instance, engine, framework, node } = served;
    const body = event ?? input;
    const model = modelPath(served.manifest.name);
    const path = isEvent ? '/' : body === undefined ? model : `${model}/infer`;
    const startedAt = performance.now();
    const response = await fetch(instance.url + path, {
      ...(body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': delivery?.contentType ?? 'application/json' },
            body,
          }),
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
        ...{ engine: engine.kind, initMs, answerMs, totalMs: initMs + answerMs },
        inside: parseServerTiming(headers['server-timing'] ?? ''),
      },
      runtimeClient: framework,
      node,
      engine: engine.kind === 'host' ? { kind: engine.kind, note: engine.note } : { kind: engine.kind },
      report: { durationMs: answerMs, maxMemoryUsedMb },
      logs,
    };
  } finally {
    await served.close();
  }
}

/**
 * A CloudEvent in structured mode, or the body of a Pub/Sub push, of which the framework makes one.
 * @throws ColdpressError EVENT_INVALID
 */
function deliveryOf(event: string): { contentType: string } {
  const value: unknown = JSON.parse(event);
  if (typeof value === 'object' && value !== null) {
    if ('specversion' in value) {
      return { contentType: 'application/cloudevents+json' };
    }
    if ('message' in value || 'context' in value) {
      return { contentType: 'application/json' };
    }
  }
  throw new ColdpressError(
    'EVENT_INVALID',
    'the event is neither a CloudEvent nor the body of a Pub/Sub push',
    {
      hint: 'a CloudEvent has "specversion", a push body "message"; an inference request is given by --input',
    },
  );
}
