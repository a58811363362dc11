import { App, Duration, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  BucketTrigger,
  EventRuleTrigger,
  FunctionUrlTrigger,
  HttpApiTrigger,
  KinesisTrigger,
  ModelsApi,
  OnnxBatchJob,
  OnnxDashboard,
  QueueTrigger,
  ScheduleTrigger,
  TableTrigger,
  TopicTrigger,
} from '../../lib/cdk/index.ts';
import { newFailureQueue } from '../../lib/cdk/triggers/failure-queue.ts';
import { newFunction } from './app.ts';

/** Access logs by a policy, as CDK's new apps have them. */
export const context = { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true };

/** Every construct once, on one model. */
export function everything(app = new App({ context })): Stack {
  const stack = new Stack(app, 'Everything');
  const bucket = new s3.Bucket(stack, 'Data', {
    enforceSSL: true,
    serverAccessLogsPrefix: 'access/',
  }) as s3.IBucket;
  const fn = newFunction(stack, {
    config: {
      events: { objects: { store: 's3' } },
      sinks: {
        results: { type: 'sqs', queueUrl: { env: 'RESULTS_QUEUE' } },
        failures: { type: 's3', bucket: { env: 'FAILURES_BUCKET' } },
      },
    },
    sinks: { results: newFailureQueue(stack, 'Results'), failures: bucket },
    rollout: {},
    reservedConcurrentExecutions: 20,
    budget: { monthlyBudgetUsd: 50, email: ['ml@example.com'], action: 'stop' },
  });
  new FunctionUrlTrigger(fn, 'Url');
  new HttpApiTrigger(fn, 'Http');
  new QueueTrigger(fn, 'Queue');
  new TopicTrigger(fn, 'Topic');
  new BucketTrigger(fn, 'Objects', { bucket, prefix: 'in/', suffix: '.csv' });
  new EventRuleTrigger(fn, 'Orders', { eventPattern: { source: ['shop'] } });
  new ScheduleTrigger(fn, 'Clock', { schedule: Schedule.rate(Duration.hours(1)) });
  new KinesisTrigger(fn, 'Clicks', {
    stream: new kinesis.Stream(stack, 'Stream', {
      encryption: kinesis.StreamEncryption.MANAGED,
    }) as kinesis.IStream,
  });
  new TableTrigger(fn, 'Items', {
    table: new dynamodb.Table(stack, 'Table', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      stream: dynamodb.StreamViewType.NEW_IMAGE,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    }) as dynamodb.ITable,
  });
  new ModelsApi(stack, 'Models', { functions: [fn] });
  for (const input of ['csv', 'jsonl', 'objects'] as const) {
    new OnnxBatchJob(stack, `Batch-${input}`, { function: fn, bucket, input });
  }
  new OnnxDashboard(stack, 'Dashboard');
  return stack;
}
