import { type AttributeValue, BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SinkSettings } from '../../contract/settings.ts';
import { resolveSetting } from '../platform/resolve-setting.ts';
import { type Attempt, done } from '../platform/retry.ts';
import { sendInBatches } from './batches.ts';
import { sinkMark } from './mark.ts';
import type { Sink, SinkScope } from './sink.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html: 25 items of 400 KB. */
const limits = { entries: 25, bytes: 400 * 1024 } as const;

/** Writes one item per record, under its identifier, so that a redelivered record replaces the first item. */
export function openSink(
  { table, key }: SinkSettings & { type: 'dynamodb' },
  { env, purpose }: SinkScope,
): Sink {
  const client = new DynamoDBClient({});
  const name = resolveSetting(table, env);
  return {
    async send(entries, deadline) {
      // A request must not name an item twice; of two entries with one identifier the later wins.
      const last = new Map(entries.map(entry => [entry.id, entry]));
      const unique = [...last.values()];
      const answers = await sendInBatches(unique, { limits, deadline }, async batch => {
        const puts = batch.map(({ entry, text }) => ({
          PutRequest: {
            Item: { ...marshalItem(JSON.parse(text)), [key]: { S: entry.id }, [sinkMark]: { S: purpose } },
          },
        }));
        const { UnprocessedItems } = await client.send(
          new BatchWriteItemCommand({ RequestItems: { [name]: puts } }),
          { abortSignal: deadline },
        );
        const left = new Set(UnprocessedItems?.[name]?.map(({ PutRequest }) => PutRequest?.Item?.[key]?.S));
        return batch.map(({ entry }) => (left.has(entry.id) ? unprocessed : done));
      });
      const byId = new Map(unique.map(({ id }, index) => [id, answers[index]]));
      return entries.map(({ id }) => byId.get(id));
    },
  };
}

const unprocessed: Attempt = { kind: 'again', error: new Error('DynamoDB left the item unprocessed') };

function marshalItem(item: Record<string, unknown>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, marshal(value)]));
}

/** Marshals values that came from JSON. */
function marshal(value: unknown): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      return toNumber(value);
    case 'boolean':
      return { BOOL: value };
    default:
      if (value === null || value === undefined) {
        return { NULL: true };
      }
      return Array.isArray(value)
        ? { L: value.map(marshal) }
        : { M: marshalItem(value as Record<string, unknown>) };
  }
}

/** DynamoDB's numbers range from 1e-130 to 1e126; others are stored as text. */
function toNumber(value: number): AttributeValue {
  const magnitude = Math.abs(value);
  const fits = magnitude === 0 || (magnitude >= 1e-130 && magnitude < 1e126);
  return fits ? { N: String(value) } : { S: String(value) };
}
