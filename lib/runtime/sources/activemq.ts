import { throwIfFailed } from './answers.ts';
import type { EventRecord } from './event-record.ts';
import { processEvent } from './process-event.ts';
import { readEvent } from './read-event.ts';
import type { Source } from './source.ts';
import { unwrap } from './unwrap.ts';

interface ActiveMqMessage {
  messageID: string;
  data: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html */
interface ActiveMqEvent {
  eventSource: 'aws:mq' | 'aws:amq';
  messages: ActiveMqMessage[];
}

/** Amazon MQ's ActiveMQ brokers: each message is JSON. A batch succeeds or is redelivered as a whole. */
export const activeMq: Source<ActiveMqEvent> = {
  name: 'activemq',
  matches: event =>
    (event.eventSource === 'aws:mq' || event.eventSource === 'aws:amq') && Array.isArray(event.messages),
  async handle({ messages }, fn, invocation) {
    const records = readEvent('activemq', () => messages.map(toActiveMqRecord));
    throwIfFailed(await processEvent(records, { fn, invocation, source: 'activemq' }), records.length);
  },
};

export function toActiveMqRecord({ messageID, data }: ActiveMqMessage): EventRecord {
  return {
    id: messageID,
    read: () => unwrap(Buffer.from(data, 'base64').toString('utf8')),
    raw: data,
  };
}
