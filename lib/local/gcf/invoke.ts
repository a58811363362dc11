import { ColdpressError } from '../../errors.ts';
import type { InvokeResult } from '../answer.ts';
import type { Question } from '../question.ts';
import { requestOf, requestOnce, type ServerRequest } from '../request-once.ts';
import type { GcfOptions } from './options.ts';
import { startGcf } from './start.ts';

/** Sends a gcf artifact one inference request over HTTP, or one event as Eventarc or Pub/Sub delivers it. */
export async function invokeGcf(
  dir: string,
  options: Omit<GcfOptions, 'port' | 'signature'> & Question,
): Promise<InvokeResult> {
  const { event, input, record, ...rest } = options;
  const delivery = event === undefined ? undefined : deliveryOf(event);
  const start = (keep: (text: string) => void) =>
    startGcf(dir, {
      ...rest,
      onLog(text) {
        keep(text);
        rest.onLog?.(text);
      },
      port: 0,
      signature: delivery === undefined ? 'http' : 'cloudevent',
    });
  return requestOnce(start, name => delivery ?? requestOf(name, { input, record }), rest);
}

/**
 * A CloudEvent in structured mode, or the body of a Pub/Sub push, which the framework converts to one.
 * @throws ColdpressError EVENT_INVALID
 */
function deliveryOf(event: string): ServerRequest {
  const value: unknown = JSON.parse(event);
  if (typeof value === 'object' && value !== null) {
    if ('specversion' in value) {
      return { path: '/', body: event, contentType: 'application/cloudevents+json' };
    }
    if ('message' in value || 'context' in value) {
      return { path: '/', body: event };
    }
  }
  throw new ColdpressError(
    'EVENT_INVALID',
    'the event is neither a CloudEvent nor the body of a Pub/Sub push',
    {
      hint: 'a CloudEvent has "specversion", a push body "message"; pass a record with --record',
    },
  );
}
