import type { AttributeValue, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { sinkMark } from '../sinks/mark.ts';
import type { Content, EventRecord } from './event-record.ts';
import { readEvent } from './read-event.ts';
import type { Source } from './source.ts';
import { processStream } from './stream.ts';

/**
 * DynamoDB streams: a new or changed item is a record, as plain values. Removed items are skipped, and items that
 * coldpress's sink wrote, so that results in the same table are not scored again.
 */
export const dynamoDb: Source<DynamoDBStreamEvent> = {
  name: 'dynamodb',
  matches: event => event.Records?.[0]?.eventSource === 'aws:dynamodb',
  async handle(event, fn, invocation) {
    const records = readEvent('dynamodb', () => event.Records.map(toDynamoDbRecord));
    return processStream(records, { fn, invocation, source: 'dynamodb' });
  },
};

export function toDynamoDbRecord(record: DynamoDBRecord): EventRecord {
  return {
    id: record.dynamodb?.SequenceNumber ?? '',
    read: () => toContent(record),
    raw: record.dynamodb?.NewImage,
  };
}

function toContent({ dynamodb }: DynamoDBRecord): Content {
  const image = dynamodb?.NewImage;
  return image === undefined || Object.hasOwn(image, sinkMark)
    ? { kind: 'nothing' }
    : { kind: 'record', record: unmarshalItem(image) };
}

function unmarshalItem(item: Record<string, AttributeValue>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, unmarshal(value)]));
}

/** A number that JavaScript would round remains a string of digits, which a tensor of 64-bit integers accepts. */
function unmarshal(value: AttributeValue): unknown {
  if (value.N !== undefined) {
    return toNumber(value.N);
  }
  if (value.NS !== undefined) {
    return value.NS.map(toNumber);
  }
  if (value.L !== undefined) {
    return value.L.map(unmarshal);
  }
  if (value.M !== undefined) {
    return unmarshalItem(value.M);
  }
  return value.NULL ? null : (value.S ?? value.BOOL ?? value.SS ?? value.B ?? value.BS);
}

function toNumber(digits: string): number | string {
  const number = Number(digits);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? digits : number;
}
