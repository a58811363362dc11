import type { EventBridgeEvent } from 'aws-lambda';
import { throwIfFailed } from './answers.ts';
import { processEvent } from './process-event.ts';
import type { Source } from './source.ts';
import { isEventBridgeEvent, unwrapEvent } from './unwrap.ts';

/**
 * EventBridge, which invokes asynchronously: `detail` is the record, or an S3 object. A scheduled event contains no
 * record: it keeps an instance warm. A schedule with its own input is a direct invocation.
 */
export const eventBridge: Source<EventBridgeEvent<string, unknown>> = {
  name: 'eventbridge',
  matches: isEventBridgeEvent,
  async handle(event, fn, invocation) {
    const record = { id: event.id, read: () => unwrapEvent(event), raw: event.detail };
    throwIfFailed(await processEvent([record], { fn, invocation, source: 'eventbridge' }), 1);
  },
};
