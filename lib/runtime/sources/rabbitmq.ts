import { throwIfFailed } from './answers.ts';
import type { EventRecord } from './event-record.ts';
import { processEvent } from './process-event.ts';
import { readEvent } from './read-event.ts';
import type { Source } from './source.ts';
import { unwrap } from './unwrap.ts';

interface RabbitMqMessage {
  basicProperties: { messageId?: string | null; timestamp?: string | null };
  data: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html */
interface RabbitMqEvent {
  eventSource: 'aws:rmq';
  rmqMessagesByQueue: Record<string, RabbitMqMessage[]>;
}

/** Amazon MQ's RabbitMQ brokers: each message is JSON. A batch succeeds or is redelivered as a whole. */
export const rabbitMq: Source<RabbitMqEvent> = {
  name: 'rabbitmq',
  matches: event => event.eventSource === 'aws:rmq' && typeof event.rmqMessagesByQueue === 'object',
  async handle({ rmqMessagesByQueue }, fn, invocation) {
    const records = readEvent('rabbitmq', () =>
      Object.entries(rmqMessagesByQueue).flatMap(([queue, messages]) =>
        messages.map(message => toRabbitMqRecord(queue, message)),
      ),
    );
    throwIfFailed(await processEvent(records, { fn, invocation, source: 'rabbitmq' }), records.length);
  },
};

export function toRabbitMqRecord(queue: string, message: RabbitMqMessage): EventRecord {
  return {
    id: idOf(queue, message),
    read: () => unwrap(Buffer.from(message.data, 'base64').toString('utf8')),
    raw: message.data,
  };
}

/** RabbitMQ does not number messages: without a `messageId` from its sender, queue, time and content identify one. */
function idOf(queue: string, { basicProperties: { messageId, timestamp }, data }: RabbitMqMessage): string {
  if (messageId !== undefined && messageId !== null) {
    return messageId;
  }
  // Loaded on first use, because sources of other events are in the same file.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256')
    .update(JSON.stringify([queue, timestamp, data]))
    .digest('hex');
}
