import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Schedule } from 'aws-cdk-lib/aws-events';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  BucketTrigger,
  EventRuleTrigger,
  FunctionUrlTrigger,
  HttpApiTrigger,
  KafkaTrigger,
  KinesisTrigger,
  LogsTrigger,
  ModelsApi,
  OnnxBatchJob,
  OnnxDashboard,
  OnnxEndpoint,
  QueueTrigger,
  ScheduleTrigger,
  TableTrigger,
  TopicTrigger,
} from '../../lib/cdk/index.ts';
import { example, newFunction } from './app.ts';
import { containerArtifact, digest } from './container-artifact.ts';

/** Access logs by a policy, as CDK's new apps have them. */
export const context = { '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true };

const clusterArn = 'arn:aws:kafka:us-east-1:123456789012:cluster/readings/0f3c1d2e-2';

/** Every construct once, on one model. */
export function everything(app = new App({ context })): Stack {
  const stack = new Stack(app, 'Everything');
  const bucket = new s3.Bucket(stack, 'Data', {
    enforceSSL: true,
    serverAccessLogsPrefix: 'access/',
  }) as s3.IBucket;
  const fn = newFunction(stack, {
    config: {
      samples: join(example, 'samples.csv'),
      events: { objects: { store: 's3' } },
      sinks: {
        results: { type: 'sqs', queueUrl: { env: 'RESULTS_QUEUE' } },
        failures: { type: 's3', bucket: { env: 'FAILURES_BUCKET' } },
      },
    },
    sinks: { results: newResults(stack), failures: bucket },
    rollout: {},
    reservedConcurrentExecutions: 20,
    budget: { monthlyBudgetUsd: 50, email: ['ml@example.com'], action: 'stop' },
  });
  fn.alarmOnDrift();
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
  new KafkaTrigger(fn, 'Kafka', { clusterArn, topic: 'measurements' });
  new LogsTrigger(fn, 'Lines', { logGroup: new LogGroup(stack, 'Orders') as ILogGroup });
  new ModelsApi(stack, 'Models', { functions: [fn] });
  for (const input of ['csv', 'jsonl', 'objects'] as const) {
    new OnnxBatchJob(stack, `Batch-${input}`, { function: fn, bucket, input });
  }
  const image = { repository: new ecr.Repository(stack, 'Images') as ecr.IRepository, digest };
  new OnnxEndpoint(stack, 'Serverless', { artifact: containerArtifact(), image });
  new OnnxEndpoint(stack, 'RealTime', {
    artifact: containerArtifact(),
    image,
    instances: {
      type: 'ml.m7g.large',
      count: 2,
      scaling: { maxCapacity: 8, invocationsPerInstance: 3000 },
    },
    dataCapture: { bucket },
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    }),
    budget: { monthlyBudgetUsd: 500, action: 'stop' },
  });
  new OnnxDashboard(stack, 'Dashboard');
  return stack;
}

/** As a queue of the user's would be. */
function newResults(stack: Stack): sqs.Queue {
  const unread = new sqs.Queue(stack, 'Unread', { enforceSSL: true });
  return new sqs.Queue(stack, 'Results', {
    enforceSSL: true,
    deadLetterQueue: { queue: unread, maxReceiveCount: 5 },
  });
}
