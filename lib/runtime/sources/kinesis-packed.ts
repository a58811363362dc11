import type { CloudWatchLogsDecodedData } from 'aws-lambda';
import { gunzipText } from './gunzip-text.ts';

/** One of several records packed into one Kinesis record; `id` distinguishes them. */
export interface PackedRecord {
  id: string;
  text: string;
}

/**
 * Unpacks a Kinesis record: an aggregate of the Kinesis Producer Library, or gzipped data, which CloudWatch Logs writes
 * to streams.
 * @returns `undefined` if the data only looks like either
 */
export function unpackRecord(data: Buffer): PackedRecord[] | undefined {
  return data[0] === 0x1f ? unpackGzip(data) : unpackAggregate(data);
}

function unpackGzip(data: Buffer): PackedRecord[] | undefined {
  let text: string;
  try {
    text = gunzipText(data);
  } catch {
    return undefined;
  }
  return logEvents(text) ?? [{ id: '0', text }];
}

/**
 * Control messages have no records: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
function logEvents(text: string): PackedRecord[] | undefined {
  try {
    const { messageType, logEvents = [] } = JSON.parse(text) as Partial<CloudWatchLogsDecodedData>;
    switch (messageType) {
      case 'DATA_MESSAGE':
        return logEvents.map(({ id, message }) => ({ id, text: message }));
      case 'CONTROL_MESSAGE':
        return [];
    }
  } catch {
    // The record is not JSON, which its reader reports.
  }
  return undefined;
}

const magicBytes = 4;
const digestBytes = 16;

/**
 * Unpacks magic bytes, a protobuf message, and its MD5: without that MD5, a record only happens to begin like an
 * aggregate.
 * https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
function unpackAggregate(data: Buffer): PackedRecord[] | undefined {
  const message = data.subarray(magicBytes, -digestBytes);
  // Loaded on first use, because sources of other events are in the same file.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const digest = createHash('md5').update(message).digest();
  if (!digest.equals(data.subarray(-digestBytes))) {
    return undefined;
  }
  // AggregatedRecord { repeated Record records = 3 }, Record { bytes data = 3 }
  return bytesOf(message, 3).map((record, index) => ({
    id: String(index),
    text: bytesOf(record, 3)[0]?.toString('utf8') ?? '',
  }));
}

/** Returns the values of one field of a message whose other fields are integers or bytes. */
function bytesOf(message: Buffer, field: number): Buffer[] {
  const found: Buffer[] = [];
  let offset = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[offset++] ?? 0;
      value += (byte % 128) * scale;
      if (byte < 128) {
        return value;
      }
    }
  };
  while (offset < message.length) {
    const tag = varint();
    // Wire type 2 has a length; of the other types, aggregates contain only integers.
    if (tag % 8 !== 2) {
      varint();
      continue;
    }
    const length = varint();
    if (tag >> 3 === field) {
      found.push(message.subarray(offset, offset + length));
    }
    offset += length;
  }
  return found;
}
