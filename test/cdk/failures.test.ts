import { Duration } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Schedule } from 'aws-cdk-lib/aws-events';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as kms from 'aws-cdk-lib/aws-kms';
import { FilterCriteria, FilterRule } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';
import {
  BucketTrigger,
  EventRuleTrigger,
  KinesisTrigger,
  type OnnxFunction,
  QueueTrigger,
  ScheduleTrigger,
  TopicTrigger,
} from '../../lib/cdk/index.ts';
import { newFunction, newStack, resourcesOf, templateOf } from './app.ts';

const objects = { events: { objects: { store: 's3' as const } } };

const asynchronous: [name: string, add: (fn: OnnxFunction, id: string) => unknown][] = [
  ['bucket', (fn, id) => new BucketTrigger(fn, id)],
  ['topic', (fn, id) => new TopicTrigger(fn, id)],
  ['rule', (fn, id) => new EventRuleTrigger(fn, id, { eventPattern: { source: ['shop'] } })],
  ['schedule', (fn, id) => new ScheduleTrigger(fn, id, { schedule: Schedule.rate(Duration.hours(1)) })],
];

function addAll(fn: OnnxFunction): void {
  for (const [name, add] of asynchronous) {
    add(fn, `The${name}`);
  }
}

test.each(asynchronous)('what a %s brings and the function fails is kept, and rings', (_, add) => {
  const fn = newFunction(newStack(), { config: objects });
  add(fn, 'T');
  const template = templateOf(fn);
  const [id, { Properties }] = Object.entries(template.findResources('AWS::SQS::Queue')).find(([name]) =>
    name.includes('AsyncFailures'),
  )!;
  expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    Qualifier: '$LATEST',
    DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [id, 'Arn'] } } },
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [id, 'QueueName'] } }],
    Threshold: 1,
  });
});

test('all triggers share it, by the alias, with what the props say of asynchronous invocations', () => {
  const fn = newFunction(newStack(), { config: objects, alias: 'live', retryAttempts: 1 });
  addAll(fn);
  const configs = resourcesOf(templateOf(fn), 'AWS::Lambda::EventInvokeConfig');
  expect(configs.map(({ Properties }) => Properties)).toMatchObject([
    {
      Qualifier: { 'Fn::Select': [7, { 'Fn::Split': [':', { Ref: expect.stringContaining('Aliaslive') }] }] },
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: expect.anything() } },
    },
  ]);
});

test.each(['onFailure', 'deadLetterQueue'] as const)('%s of the props is left alone', name => {
  const stack = newStack();
  const own = new sqs.Queue(stack, 'Own');
  const fn = newFunction(stack, {
    config: objects,
    ...(name === 'onFailure' ? { onFailure: new SqsDestination(own) } : { deadLetterQueue: own }),
  });
  addAll(fn);
  expect(Object.keys(templateOf(fn).findResources('AWS::SQS::Queue')).join()).not.toContain('AsyncFailures');
});

test('queues for failures take a key, and alarms an action', () => {
  const stack = newStack();
  const topic = new sns.Topic(stack, 'Night');
  const key = new kms.Key(stack, 'Key');
  const fn = newFunction(stack, {
    config: objects,
    failureKey: key as kms.IKey,
    alarmActions: [new SnsAction(topic)],
  });
  addAll(fn);
  new KinesisTrigger(fn, 'Clicks', { stream: new kinesis.Stream(stack, 'S') as kinesis.IStream });
  const template = templateOf(fn);
  for (const { Properties } of resourcesOf(template, 'AWS::SQS::Queue')) {
    expect(Properties.KmsMasterKeyId).toEqual(stack.resolve(key.keyArn));
  }
  for (const service of ['events.amazonaws.com', 'sns.amazonaws.com']) {
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
            Principal: { Service: service },
          }),
        ]),
      },
    });
  }
  const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm');
  expect(alarms).toHaveLength(fn.alarms.length);
  expect(fn.alarms).toHaveLength(7);
  for (const { Properties } of alarms) {
    expect(Properties.AlarmActions).toEqual([stack.resolve(topic.topicArn)]);
  }
});

test('a stream that the function falls behind rings', () => {
  const stack = newStack();
  const fn = newFunction(stack, { alias: 'live' });
  new KinesisTrigger(fn, 'Clicks', {
    stream: new kinesis.Stream(stack, 'S') as kinesis.IStream,
    maxIteratorAge: Duration.minutes(5),
    filters: [FilterCriteria.filter({ data: { amount: FilterRule.exists() } })],
  });
  const template = templateOf(fn);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'IteratorAge',
    Threshold: 300_000,
    Statistic: 'Maximum',
    Dimensions: Match.arrayWith([Match.objectLike({ Name: 'Resource' })]),
  });
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    FilterCriteria: { Filters: [{ Pattern: '{"data":{"amount":[{"exists":true}]}}' }] },
  });
});

test.each([
  { reserved: 20, maxConcurrency: undefined, made: 20 },
  { reserved: 20, maxConcurrency: 5, made: 5 },
  { reserved: 1, maxConcurrency: undefined, made: undefined },
  { reserved: undefined, maxConcurrency: undefined, made: undefined },
])(
  '$reserved reserved, maxConcurrency $maxConcurrency: $made at once',
  ({ reserved, maxConcurrency, made }) => {
    const fn = newFunction(
      newStack(),
      reserved === undefined ? {} : { reservedConcurrentExecutions: reserved },
    );
    new QueueTrigger(fn, 'T', maxConcurrency === undefined ? {} : { maxConcurrency });
    const [mapping] = resourcesOf(templateOf(fn), 'AWS::Lambda::EventSourceMapping');
    expect(mapping!.Properties.ScalingConfig?.MaximumConcurrency).toBe(made);
  },
);

test.each([
  { what: 'a queue without one', redrive: false, sinks: {}, warned: true },
  { what: 'a queue with one', redrive: true, sinks: {}, warned: false },
  {
    what: 'a sink of failures',
    redrive: false,
    sinks: { failures: { type: 'log' } } as const,
    warned: false,
  },
])('$what: warned of messages that are lost: $warned', ({ redrive, sinks, warned }) => {
  const stack = newStack();
  const deadLetterQueue = { queue: new sqs.Queue(stack, 'Dead'), maxReceiveCount: 5 };
  const queue = new sqs.Queue(stack, 'Own', {
    visibilityTimeout: Duration.minutes(5),
    ...(redrive && { deadLetterQueue }),
  });
  const fn = newFunction(stack, { config: { sinks } });
  new QueueTrigger(fn, 'T', { queue });
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('dead-letter queue'));
  expect(warnings).toHaveLength(warned ? 1 : 0);
});
