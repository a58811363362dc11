import type { Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { expect, test } from 'vitest';
import type { SinkResource } from '../../lib/cdk/index.ts';
import type { Config } from '../../lib/index.ts';
import { actionsOf, newFunction, newStack, resourcesOf, templateOf } from './app.ts';

type Sink = NonNullable<NonNullable<Config['sinks']>['results']>;

const where = { env: 'WHERE' };
const id = { name: 'id', type: dynamodb.AttributeType.STRING };
const own = ['logs:CreateLogStream', 'logs:PutLogEvents'];

const cases: [name: string, sink: Sink, make: (stack: Stack) => SinkResource, action: string][] = [
  ['queue', { type: 'sqs', queueUrl: where }, stack => new sqs.Queue(stack, 'R'), 'sqs:SendMessage'],
  [
    'topic',
    { type: 'sns', topicArn: where },
    stack => new sns.Topic(stack, 'R') as sns.ITopic,
    'sns:Publish',
  ],
  ['bucket', { type: 's3', bucket: where }, stack => new s3.Bucket(stack, 'R') as s3.IBucket, 's3:PutObject'],
  [
    'table',
    { type: 'dynamodb', table: where },
    stack => new dynamodb.Table(stack, 'R', { partitionKey: id }) as dynamodb.ITable,
    'dynamodb:BatchWriteItem',
  ],
  [
    'event bus',
    { type: 'eventbridge', bus: where },
    stack => new events.EventBus(stack, 'R') as events.IEventBus,
    'events:PutEvents',
  ],
];

test.each(cases)('a %s is named in the environment and granted, once', (_name, sink, make, action) => {
  for (const purpose of ['results', 'failures'] as const) {
    const stack = newStack();
    const fn = newFunction(stack, {
      config: { sinks: { [purpose]: sink } },
      sinks: { [purpose]: make(stack) },
    });
    const template = templateOf(fn);
    const [{ Properties }] = resourcesOf(template, 'AWS::Lambda::Function') as [
      ReturnType<typeof resourcesOf>[0],
    ];
    expect(JSON.stringify(Properties.Environment.Variables.WHERE)).toContain('R');
    expect(actionsOf(template)).toEqual([...own, action].sort());
  }
});

test('a bucket is granted below the prefix alone', () => {
  const stack = newStack();
  const bucket = new s3.Bucket(stack, 'R') as s3.IBucket;
  const sink: Sink = { type: 's3', bucket: where, prefix: 'churn/' };
  const fn = newFunction(stack, { config: { sinks: { results: sink } }, sinks: { results: bucket } });
  expect(JSON.stringify(resourcesOf(templateOf(fn), 'AWS::IAM::Policy'))).toContain('/churn/*');
});

test('secrets of a webhook are granted, and only their names are in the template', () => {
  const stack = newStack();
  const headers = { authorization: { secretsManager: { env: 'TOKEN' } }, 'x-key': { ssm: '/churn/key' } };
  const fn = newFunction(stack, {
    config: { sinks: { results: { type: 'webhook', url: 'https://example.com', headers } } },
    secrets: {
      TOKEN: new secretsmanager.Secret(stack, 'Token') as secretsmanager.ISecret,
      '/churn/key': ssm.StringParameter.fromStringParameterName(stack, 'Key', '/churn/key'),
    },
  });
  const template = templateOf(fn);
  expect(actionsOf(template)).toEqual([...own, 'secretsmanager:GetSecretValue', 'ssm:GetParameter'].sort());
  const [{ Properties }] = resourcesOf(template, 'AWS::Lambda::Function') as [
    ReturnType<typeof resourcesOf>[0],
  ];
  expect(Object.keys(Properties.Environment.Variables)).toEqual(['TOKEN']);
});

test('a secret that is imported by its name, and a parameter under a key of its own, can be read', () => {
  const stack = newStack();
  const headers = { authorization: { secretsManager: { env: 'TOKEN' } }, 'x-key': { ssm: '/churn/key' } };
  const fn = newFunction(stack, {
    config: { sinks: { results: { type: 'webhook', url: 'https://example.com', headers } } },
    secrets: {
      TOKEN: secretsmanager.Secret.fromSecretNameV2(stack, 'Token', 'churn/token'),
      '/churn/key': ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', {
        parameterName: '/churn/key',
        encryptionKey: new kms.Key(stack, 'Key') as kms.IKey,
      }),
    },
  });
  const template = templateOf(fn);
  expect(actionsOf(template)).toEqual(
    [...own, 'kms:Decrypt', 'secretsmanager:GetSecretValue', 'ssm:GetParameter'].sort(),
  );
  // Policies compare whole ARNs, and a secret's ends with six characters of its own.
  expect(JSON.stringify(template.toJSON())).toContain(':secret:churn/token-??????');
});
