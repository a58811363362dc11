import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';
import {
  BucketTrigger,
  EventRuleTrigger,
  HttpApiTrigger,
  KafkaTrigger,
  KinesisTrigger,
  LogsTrigger,
  ModelsApi,
  OnnxBatchJob,
  type OnnxFunction,
  QueueTrigger,
  TableTrigger,
  TopicTrigger,
} from '../../lib/cdk/index.ts';
import type { SinkResource } from '../../lib/cdk/sinks/sinks.ts';
import type { Config } from '../../lib/index.ts';
import { newFunction, newStack, templateOf } from './app.ts';
import { testRefusals, withFunction } from './refusal.ts';

/** A function whose results go to what triggers it. */
function looping(
  sink: Extract<Config['sinks'], object>['results'],
  make: (stack: Stack) => SinkResource,
  trigger: (fn: OnnxFunction, source: never) => unknown,
): () => void {
  return () => {
    const stack = newStack();
    const source = make(stack);
    const config = { events: { objects: { store: 's3' } }, sinks: { results: sink } } as Config;
    trigger(newFunction(stack, { config, sinks: { results: source } }), source as never);
  };
}

const env = { env: 'RESULTS' };
const partitionKey = { name: 'id', type: dynamodb.AttributeType.STRING };
const stream = dynamodb.StreamViewType.NEW_IMAGE;

const loops: Parameters<typeof testRefusals>[0] = [
  [
    'a queue that receives the results',
    looping(
      { type: 'sqs', queueUrl: env },
      stack => new sqs.Queue(stack, 'Q', { visibilityTimeout: Duration.minutes(5) }),
      (fn, queue) => new QueueTrigger(fn, 'In', { queue }),
    ),
    'TRIGGER_LOOP',
    /In: .*results/,
  ],
  [
    'a topic that receives the results',
    looping(
      { type: 'sns', topicArn: env },
      stack => new sns.Topic(stack, 'T'),
      (fn, topic) => new TopicTrigger(fn, 'In', { topic }),
    ),
    'TRIGGER_LOOP',
    /In: /,
  ],
  [
    'a table that receives the results',
    looping(
      { type: 'dynamodb', table: env },
      stack => new dynamodb.Table(stack, 'T', { partitionKey, stream }) as dynamodb.ITable,
      (fn, table) => new TableTrigger(fn, 'In', { table }),
    ),
    'TRIGGER_LOOP',
    /In: /,
  ],
  [
    'a bucket that receives the results below the prefix',
    looping(
      { type: 's3', bucket: env, prefix: 'in/scored/' },
      stack => new s3.Bucket(stack, 'B') as s3.IBucket,
      (fn, bucket) => new BucketTrigger(fn, 'In', { bucket, prefix: 'in/' }),
    ),
    'TRIGGER_LOOP',
    /In: /,
  ],
  [
    'a bus that receives the results',
    looping(
      { type: 'eventbridge', bus: env },
      stack => new events.EventBus(stack, 'B') as events.IEventBus,
      (fn, eventBus) => new EventRuleTrigger(fn, 'In', { eventBus, eventPattern: { source: ['coldpress'] } }),
    ),
    'TRIGGER_LOOP',
    /In: /,
  ],
];

test.each<[string, () => void]>([
  [
    'a queue, of other messages',
    looping(
      { type: 'sqs', queueUrl: env },
      stack => new sqs.Queue(stack, 'Q', { visibilityTimeout: Duration.minutes(5) }),
      (fn, queue) => new QueueTrigger(fn, 'In', { queue, filters: [{ pattern: '{"body":{"new":[true]}}' }] }),
    ),
  ],
  [
    'a bucket, of another prefix',
    looping(
      { type: 's3', bucket: env },
      stack => new s3.Bucket(stack, 'B') as s3.IBucket,
      (fn, bucket) => new BucketTrigger(fn, 'In', { bucket, prefix: 'in/' }),
    ),
  ],
  [
    'a bus, of another source',
    looping(
      { type: 'eventbridge', bus: env },
      stack => new events.EventBus(stack, 'B') as events.IEventBus,
      (fn, eventBus) => new EventRuleTrigger(fn, 'In', { eventBus, eventPattern: { source: ['shop'] } }),
    ),
  ],
])('results may go to the source of the trigger: %s', (_, synthesize) => {
  expect(synthesize).not.toThrow();
});

testRefusals([
  [
    'a stack instead of a function',
    () => new QueueTrigger(newStack() as never, 'In'),
    'OPTION_INVALID',
    /In: .*first argument of QueueTrigger/,
  ],
  [
    'SQS batch window without size',
    withFunction(fn => new QueueTrigger(fn, 'Q', { maxBatchingWindow: Duration.seconds(5) })),
    'QUEUE_BATCH',
    /needs a batchSize/,
  ],
  [
    'SQS batch without window',
    withFunction(fn => new QueueTrigger(fn, 'Q', { batchSize: 100 })),
    'QUEUE_BATCH',
    /batching window/,
  ],
  ['SQS batch', withFunction(fn => new QueueTrigger(fn, 'Q', { batchSize: 0 })), 'QUEUE_BATCH', /0/],
  [
    'FIFO batch',
    withFunction(fn => new QueueTrigger(fn, 'Q', { fifo: true, batchSize: 11 })),
    'QUEUE_BATCH',
    /batchSize is 11/,
  ],
  [
    'FIFO window',
    withFunction(
      fn => new QueueTrigger(fn, 'Q', { fifo: true, batchSize: 5, maxBatchingWindow: Duration.seconds(5) }),
    ),
    'QUEUE_FIFO',
    /maxBatchingWindow/,
  ],
  [
    'SQS concurrency',
    withFunction(fn => new QueueTrigger(fn, 'Q', { maxConcurrency: 1 })),
    'QUEUE_CONCURRENCY',
    /1/,
  ],
  [
    'SQS concurrency beyond the function’s, which would end messages unscored',
    withFunction(fn => new QueueTrigger(fn, 'Q', { maxConcurrency: 6 }), { reservedConcurrentExecutions: 5 }),
    'QUEUE_CONCURRENCY',
    /5 reserved/,
  ],
  [
    'Kafka without a cluster',
    withFunction(fn => new KafkaTrigger(fn, 'K', { topic: 'in' })),
    'KAFKA_CLUSTER',
    /neither/,
  ],
  [
    'Kafka that cannot take partial answers',
    withFunction(fn => new KafkaTrigger(fn, 'K', { topic: 'in', bootstrapServers: ['k:9096'] }), {
      config: { events: { kafka: { reportBatchItemFailures: true } } },
    }),
    'KAFKA_PARTIAL',
    /on demand/,
  ],
  [
    'CORS of the config and of the trigger',
    withFunction(fn => new HttpApiTrigger(fn, 'H', { cors: { allowOrigins: ['*'] } }), {
      config: { http: { cors: { origins: ['*'] } } },
    }),
    'CORS_TWICE',
    /twice/,
  ],
  [
    'logs of the function itself',
    withFunction(fn => new LogsTrigger(fn, 'L', { logGroup: fn.logGroup })),
    'LOGS_OF_ITSELF',
    /the next/,
  ],
  [
    'messages come again while they are scored',
    withFunction(fn => new QueueTrigger(fn, 'Q', { queue: new sqs.Queue(fn.stack, 'Q') }), {
      timeout: Duration.minutes(1),
    }),
    'QUEUE_VISIBILITY',
    /30 seconds, less than the function's timeout of 60/,
  ],
  [
    'FIFO topic',
    withFunction(
      fn => new TopicTrigger(fn, 'T', { topic: new sns.Topic(fn.stack, 'T', { fifo: true }) as sns.ITopic }),
    ),
    'TOPIC_FIFO',
    /FIFO topic/,
  ],
  [
    'one topic, twice',
    withFunction(fn => {
      const topic = new sns.Topic(fn.stack, 'T') as sns.ITopic;
      new TopicTrigger(fn, 'First', { topic });
      new TopicTrigger(fn, 'Second', { topic });
    }),
    'TOPIC_TWICE',
    /Second/,
  ],
  ...loops,
  [
    'table without a stream',
    withFunction(fn => {
      const partitionKey = { name: 'id', type: dynamodb.AttributeType.STRING };
      const table = new dynamodb.Table(fn.stack, 'T', { partitionKey }) as dynamodb.ITable;
      return new TableTrigger(fn, 'T', { table });
    }),
    'TABLE_WITHOUT_STREAM',
    /no stream/,
  ],
  [
    'table with a stream of keys',
    withFunction(fn => {
      const partitionKey = { name: 'id', type: dynamodb.AttributeType.STRING };
      const stream = dynamodb.StreamViewType.KEYS_ONLY;
      const table = new dynamodb.Table(fn.stack, 'T', { partitionKey, stream }) as dynamodb.ITable;
      return new TableTrigger(fn, 'T', { table });
    }),
    'TABLE_WITHOUT_STREAM',
    /KEYS_ONLY/,
  ],
  [
    'stream batch',
    withFunction(fn => {
      const stream = new kinesis.Stream(fn.stack, 'S') as kinesis.IStream;
      return new KinesisTrigger(fn, 'K', { stream, batchSize: 20_000 });
    }),
    'OPTION_OUT_OF_RANGE',
    /batchSize is 20000/,
  ],
  [
    'SQS window',
    withFunction(fn => new QueueTrigger(fn, 'Q', { batchSize: 100, maxBatchingWindow: Duration.minutes(6) })),
    'QUEUE_BATCH',
    /360 seconds/,
  ],
  ['objects refused', withFunction(fn => new BucketTrigger(fn, 'B')), 'OBJECTS_REFUSED', /objects of S3/],
  [
    'objects that are results',
    withFunction(fn => new BucketTrigger(fn, 'B', { prefix: 'scored/in/' }), {
      config: { events: { objects: { store: 's3' } } },
    }),
    'OBJECTS_OWN_RESULTS',
    /never scored/,
  ],
  ['route', withFunction(fn => new HttpApiTrigger(fn, 'H', { routes: ['/x'] })), 'ROUTE_INVALID', /"\/x"/],
  [
    'route of no method',
    withFunction(fn => new HttpApiTrigger(fn, 'H', { routes: ['FETCH /x'] })),
    'ROUTE_INVALID',
    /"FETCH \/x"/,
  ],
  [
    'route twice',
    withFunction(fn => new HttpApiTrigger(fn, 'H', { routes: ['GET /x', 'GET /x'] })),
    'ROUTE_INVALID',
    /twice/,
  ],
  [
    'batch whose results go elsewhere',
    withFunction(
      fn => {
        const bucket = new s3.Bucket(fn.stack, 'Data') as s3.IBucket;
        return new OnnxBatchJob(fn.stack, 'J', { function: fn, bucket, input: 'objects' });
      },
      { config: { events: { objects: { store: 's3', bucket: { env: 'RESULTS' } } } } },
    ),
    'OBJECTS_BUCKET',
    /another bucket/,
  ],
  [
    'an API of a stack that is not selected',
    () => {
      const app = new App({ context: { 'aws:cdk:bundling-stacks': ['Test'] } });
      const fn = newFunction(new Stack(app, 'Models'));
      new ModelsApi(new Stack(app, 'Test'), 'M', { functions: [fn] });
    },
    'MODEL_NAME_UNKNOWN',
    /Models\/Churn is not packed/,
  ],
  [
    'two models of one name',
    withFunction(fn => new ModelsApi(fn.stack, 'M', { functions: [fn, fn] })),
    'MODEL_NAME_TWICE',
    /breast-cancer/,
  ],
  [
    'batch of objects refused',
    withFunction(
      fn => new OnnxBatchJob(fn.stack, 'J', { function: fn, bucket: undefined as never, input: 'objects' }),
    ),
    'OBJECTS_REFUSED',
    /objects of S3/,
  ],
]);

test('numbers that CloudFormation alone knows are left to it', () => {
  const stack = newStack();
  const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
  const fn = newFunction(stack, {
    memorySize: number,
    reservedConcurrentExecutions: number,
    provisionedConcurrency: 1,
    budget: { monthlyBudgetUsd: number, email: ['you@example.com'] },
  });
  const queue = new sqs.Queue(stack, 'Q', { visibilityTimeout: Duration.seconds(number) });
  new QueueTrigger(fn, 'Queue', { queue, batchSize: number, maxConcurrency: number });
  const template = templateOf(stack);
  template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: { Ref: 'Number' } });
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: { Ref: 'Number' },
    ScalingConfig: { MaximumConcurrency: { Ref: 'Number' } },
  });
});
