import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSecret } from '../../../lib/runtime/secrets/read-secret.ts';
import { openSinks } from '../../../lib/runtime/sinks/open-sinks.ts';
import type { SinkEntry } from '../../../lib/runtime/sinks/sink.ts';
import { type SinkConfig, settingsOf } from '../../settings.ts';
import { noDeadline } from './fake-server.ts';
import { hasMoto, startMoto } from './moto.ts';

const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', parentId: 'b7ad6b7169203331', sampled: true };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function entries(count: number): SinkEntry[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `record ${i}`,
    body: { id: `record ${i}`, result: { value: i + 0.5, label: null, labels: ['a'] } },
    trace,
  }));
}

function open(results: SinkConfig) {
  return openSinks(settingsOf({ sinks: { results } }), { RESULTS: 'results' }).results!;
}

describe.skipIf(!hasMoto)('AWS (needs moto_server)', () => {
  let moto: { close: () => void };
  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.close());

  async function createQueue(name: string) {
    const Attributes: Record<string, string> = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
    const { QueueUrl } = await new SQSClient({}).send(
      new CreateQueueCommand({ QueueName: name, Attributes }),
    );
    return QueueUrl!;
  }

  async function receiveAll(QueueUrl: string) {
    const client = new SQSClient({});
    const messages = [];
    for (;;) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
      );
      if (Messages.length === 0) {
        return messages;
      }
      messages.push(...Messages);
    }
  }

  test('SQS takes every record, with its trace', async () => {
    const queueUrl = await createQueue('results');
    expect(await open({ type: 'sqs', queueUrl }).send(entries(25), noDeadline)).toEqual(
      Array(25).fill(undefined),
    );
    const messages = await receiveAll(queueUrl);
    expect(messages).toHaveLength(25);
    expect(messages[0]!.MessageAttributes!.traceparent!.StringValue).toBe(traceparent);
    expect(messages.map(({ Body }) => JSON.parse(Body!).id).sort()).toEqual(
      entries(25)
        .map(({ id }) => id)
        .sort(),
    );
  });

  test('a FIFO queue drops what comes again', async () => {
    const queueUrl = await createQueue('results.fifo');
    const sink = open({ type: 'sqs', queueUrl });
    await sink.send(entries(3), noDeadline);
    expect(await sink.send(entries(3), noDeadline)).toEqual([undefined, undefined, undefined]);
    expect(await receiveAll(queueUrl)).toHaveLength(3);
  });

  test('a queue that does not exist refuses every record', async () => {
    const answers = await open({ type: 'sqs', queueUrl: `${process.env.AWS_ENDPOINT_URL}/1/none` }).send(
      entries(12),
      noDeadline,
    );
    expect(answers).toHaveLength(12);
    expect(answers.every(answer => answer instanceof Error)).toBe(true);
  });

  test('SNS', async () => {
    const { TopicArn } = await new SNSClient({}).send(new CreateTopicCommand({ Name: 'results' }));
    const queueUrl = await createQueue('subscriber');
    const { Attributes } = await new SQSClient({}).send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
    );
    await new SNSClient({}).send(
      new SubscribeCommand({
        TopicArn,
        Protocol: 'sqs',
        Endpoint: Attributes!.QueueArn,
        Attributes: { RawMessageDelivery: 'true' },
      }),
    );
    expect(await open({ type: 'sns', topicArn: TopicArn! }).send(entries(11), noDeadline)).toEqual(
      Array(11).fill(undefined),
    );
    expect(await receiveAll(queueUrl)).toHaveLength(11);
  });

  test('EventBridge', async () => {
    await new EventBridgeClient({}).send(new CreateEventBusCommand({ Name: 'results' }));
    expect(
      await open({ type: 'eventbridge', bus: { env: 'RESULTS' } }).send(entries(11), noDeadline),
    ).toEqual(Array(11).fill(undefined));
  });

  test('S3, where what comes again takes the place of the first', async () => {
    const client = new S3Client({});
    await client.send(new CreateBucketCommand({ Bucket: 'results' }));
    const sink = open({ type: 's3', bucket: { env: 'RESULTS' }, prefix: 'out/' });
    await sink.send(entries(3), noDeadline);
    expect(await sink.send(entries(3), noDeadline)).toEqual([undefined, undefined, undefined]);
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: 'results', Prefix: 'out/' }));
    expect(Contents).toHaveLength(3);
    const { Body, Metadata } = await client.send(
      new GetObjectCommand({ Bucket: 'results', Key: Contents![0]!.Key }),
    );
    expect(entries(3).map(({ body }) => body)).toContainEqual(JSON.parse(await Body!.transformToString()));
    expect(Metadata).toEqual({ coldpress: 'results' });
  });

  test('DynamoDB, where what comes again takes the place of the first', async () => {
    const client = new DynamoDBClient({});
    await client.send(
      new CreateTableCommand({
        TableName: 'results',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
    );
    const sink = open({ type: 'dynamodb', table: 'results' });
    await sink.send(entries(30), noDeadline);
    expect(await sink.send([...entries(30), ...entries(1)], noDeadline)).toEqual(Array(31).fill(undefined));
    const { Items } = await client.send(new ScanCommand({ TableName: 'results' }));
    expect(Items).toHaveLength(30);
    expect(Items!.find(item => item.id!.S === 'record 1')).toEqual({
      id: { S: 'record 1' },
      coldpress: { S: 'results' },
      result: { M: { value: { N: '1.5' }, label: { NULL: true }, labels: { L: [{ S: 'a' }] } } },
    });
  });

  test('secrets', async () => {
    await new SecretsManagerClient({}).send(
      new CreateSecretCommand({ Name: 'hook', SecretString: 'Bearer 1' }),
    );
    await new SSMClient({}).send(
      new PutParameterCommand({ Name: '/hook', Value: 'Bearer 2', Type: 'SecureString' }),
    );
    expect(await readSecret({ secretsManager: 'hook' }, {})).toBe('Bearer 1');
    expect(await readSecret({ ssm: '/hook' }, {})).toBe('Bearer 2');
  });
});
