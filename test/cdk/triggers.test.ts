import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { LambdaIntegration, ResponseTransferMode, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { ApiMapping, DomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { FilterCriteria, FilterRule, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, test } from 'vitest';
import {
  BucketTrigger,
  EventRuleTrigger,
  FunctionUrlTrigger,
  HttpApiTrigger,
  KafkaTrigger,
  KinesisTrigger,
  LogsTrigger,
  ModelsApi,
  type OnnxFunction,
  QueueTrigger,
  ScheduleTrigger,
  TableTrigger,
  TopicTrigger,
} from '../../lib/cdk/index.ts';
import { actionsOf, newFunction, newStack, type Resource, resourcesOf, templateOf } from './app.ts';

const objects = { events: { objects: { store: 's3' as const } } };
const own = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const streamReading = {
  kinesis: [
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamConsumer',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
    'kinesis:ListStreams',
    'kinesis:SubscribeToShard',
  ],
  dynamodb: [
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
  ],
};
const clusterArn = 'arn:aws:kafka:us-east-1:123456789012:cluster/readings/0f3c1d2e-2';
const kafkaReading = ['kafka:DescribeCluster', 'kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers'];
const networking = [
  ...['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces'],
  ...['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'],
];
const table = (fn: OnnxFunction) =>
  new dynamodb.Table(fn.stack, 'Table', {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    stream: dynamodb.StreamViewType.NEW_IMAGE,
  }) as dynamodb.ITable;

interface Case {
  name: string;
  add: (fn: OnnxFunction) => unknown;
  /** Resources that must be there, by type, with these properties at least. */
  makes: [type: string, properties: object][];
  /** What the function's role may do more than write its log. */
  grants: string[];
}

const stream = {
  BatchSize: 100,
  BisectBatchOnFunctionError: true,
  MaximumRetryAttempts: 5,
  MaximumRecordAgeInSeconds: 86_400,
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  StartingPosition: 'LATEST',
  DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
};

const cases: Case[] = [
  {
    name: 'Function URL',
    add: fn => new FunctionUrlTrigger(fn, 'T'),
    makes: [['AWS::Lambda::Url', { AuthType: 'AWS_IAM' }]],
    grants: [],
  },
  {
    name: 'Function URL for anybody',
    add: fn => new FunctionUrlTrigger(fn, 'T', { authType: FunctionUrlAuthType.NONE }),
    makes: [
      ['AWS::Lambda::Url', { AuthType: 'NONE' }],
      ['AWS::Lambda::Permission', { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' }],
      ['AWS::Lambda::Permission', { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }],
    ],
    grants: [],
  },
  {
    name: 'HTTP API',
    add: fn => new HttpApiTrigger(fn, 'T', { routes: ['POST /v2/models/churn/infer'], rateLimit: 10 }),
    makes: [
      ['AWS::ApiGatewayV2::Route', { RouteKey: 'POST /v2/models/churn/infer', AuthorizationType: 'AWS_IAM' }],
      [
        'AWS::ApiGatewayV2::Stage',
        {
          DefaultRouteSettings: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
          AccessLogSettings: Match.anyValue(),
        },
      ],
      ['AWS::ApiGatewayV2::Integration', { PayloadFormatVersion: '2.0' }],
    ],
    grants: [],
  },
  {
    name: 'HTTP API that pages of another origin call with a token',
    add: fn =>
      new HttpApiTrigger(fn, 'T', {
        authorizer: new HttpJwtAuthorizer('Jwt', 'https://issuer.example.com', { jwtAudience: ['a'] }),
        cors: { allowOrigins: ['https://shop.example.com'], allowHeaders: ['authorization', 'content-type'] },
      }),
    makes: [
      [
        'AWS::ApiGatewayV2::Api',
        {
          CorsConfiguration: {
            AllowOrigins: ['https://shop.example.com'],
            AllowHeaders: ['authorization', 'content-type'],
          },
        },
      ],
      ['AWS::ApiGatewayV2::Route', { RouteKey: '$default', AuthorizationType: 'JWT' }],
      ['AWS::ApiGatewayV2::Route', { RouteKey: 'OPTIONS /{proxy+}', AuthorizationType: 'NONE' }],
      ['AWS::ApiGatewayV2::Route', { RouteKey: 'OPTIONS /', AuthorizationType: 'NONE' }],
    ],
    grants: [],
  },
  {
    name: 'Function URL that pages of another origin call',
    add: fn => new FunctionUrlTrigger(fn, 'T', { cors: { allowedOrigins: ['https://shop.example.com'] } }),
    makes: [
      ['AWS::Lambda::Url', { AuthType: 'AWS_IAM', Cors: { AllowOrigins: ['https://shop.example.com'] } }],
    ],
    grants: [],
  },
  {
    name: 'HTTP API for anybody',
    add: fn => new HttpApiTrigger(fn, 'T', { authorizer: 'none' }),
    makes: [['AWS::ApiGatewayV2::Route', { RouteKey: '$default', AuthorizationType: 'NONE' }]],
    grants: [],
  },
  {
    name: 'SQS',
    add: fn => new QueueTrigger(fn, 'T', { maxConcurrency: 5 }),
    makes: [
      [
        'AWS::Lambda::EventSourceMapping',
        {
          BatchSize: 10,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: 5 },
        },
      ],
      [
        'AWS::SQS::Queue',
        {
          VisibilityTimeout: 180,
          RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: Match.anyValue() },
        },
      ],
    ],
    grants: [
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
    ],
  },
  {
    name: 'SQS, FIFO',
    add: fn => new QueueTrigger(fn, 'T', { fifo: true }),
    makes: [
      ['AWS::SQS::Queue', { FifoQueue: true, RedrivePolicy: Match.anyValue() }],
      ['AWS::SQS::Queue', { FifoQueue: true, RedrivePolicy: Match.absent() }],
    ],
    grants: [
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
    ],
  },
  {
    name: 'SNS',
    add: fn => new TopicTrigger(fn, 'T'),
    makes: [
      ['AWS::SNS::Subscription', { Protocol: 'lambda', RedrivePolicy: Match.anyValue() }],
      ['AWS::Lambda::Permission', { Principal: 'sns.amazonaws.com', SourceArn: Match.anyValue() }],
    ],
    grants: ['sqs:SendMessage'],
  },
  {
    name: 'S3, by prefix and suffix',
    add: fn => new BucketTrigger(fn, 'T', { prefix: 'in/', suffix: '.csv' }),
    makes: [
      [
        'AWS::Events::Rule',
        {
          EventPattern: {
            source: ['aws.s3'],
            'detail-type': ['Object Created'],
            detail: { bucket: { name: [Match.anyValue()] }, object: { key: [{ wildcard: 'in/*.csv' }] } },
          },
        },
      ],
      [
        'AWS::S3::Bucket',
        { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } },
      ],
    ],
    grants: [
      's3:AbortMultipartUpload',
      's3:GetObject',
      's3:GetObjectVersion',
      's3:PutObject',
      'sqs:SendMessage',
    ],
  },
  {
    name: 'S3, any key but those of results',
    add: fn => new BucketTrigger(fn, 'T', { bucket: new s3.Bucket(fn.stack, 'Mine') as s3.IBucket }),
    makes: [
      [
        'AWS::Events::Rule',
        {
          EventPattern: Match.objectLike({
            detail: Match.objectLike({ object: { key: [{ 'anything-but': { prefix: 'scored/' } }] } }),
          }),
        },
      ],
    ],
    grants: [
      's3:AbortMultipartUpload',
      's3:GetObject',
      's3:GetObjectVersion',
      's3:PutObject',
      'sqs:SendMessage',
    ],
  },
  {
    name: 'EventBridge',
    add: fn => new EventRuleTrigger(fn, 'T', { eventPattern: { source: ['shop'] } }),
    makes: [
      [
        'AWS::Events::Rule',
        {
          EventPattern: { source: ['shop'] },
          Targets: [
            Match.objectLike({
              DeadLetterConfig: Match.anyValue(),
              RetryPolicy: { MaximumEventAgeInSeconds: 7200, MaximumRetryAttempts: 3 },
            }),
          ],
        },
      ],
    ],
    grants: ['sqs:SendMessage'],
  },
  {
    name: 'schedule',
    add: fn =>
      new ScheduleTrigger(fn, 'T', { schedule: Schedule.rate(Duration.hours(1)), input: [{ amount: 1 }] }),
    makes: [
      [
        'AWS::Events::Rule',
        { ScheduleExpression: 'rate(1 hour)', Targets: [Match.objectLike({ Input: '[{"amount":1}]' })] },
      ],
    ],
    grants: ['sqs:SendMessage'],
  },
  {
    name: 'Kinesis',
    add: fn => new KinesisTrigger(fn, 'T', { stream: new kinesis.Stream(fn.stack, 'S') as kinesis.IStream }),
    makes: [['AWS::Lambda::EventSourceMapping', stream]],
    grants: [...streamReading.kinesis, 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
  },
  {
    name: 'DynamoDB stream',
    add: fn => new TableTrigger(fn, 'T', { table: table(fn) }),
    makes: [['AWS::Lambda::EventSourceMapping', stream]],
    grants: [...streamReading.dynamodb, 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
  },
  {
    name: 'Kafka of MSK, on demand',
    add: fn => new KafkaTrigger(fn, 'T', { clusterArn, topic: 'in' }),
    makes: [
      [
        'AWS::Lambda::EventSourceMapping',
        {
          Topics: ['in'],
          EventSourceArn: clusterArn,
          BatchSize: 100,
          DestinationConfig: Match.anyValue(),
          FunctionResponseTypes: Match.absent(),
          MaximumRetryAttempts: Match.absent(),
        },
      ],
    ],
    grants: [
      ...kafkaReading,
      ...networking,
      ...[
        'kafka-cluster:AlterGroup',
        'kafka-cluster:Connect',
        'kafka-cluster:DescribeClusterDynamicConfiguration',
      ],
      ...['kafka-cluster:DescribeGroup', 'kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'],
      ...['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
    ],
  },
  {
    name: 'Kafka of one’s own, provisioned',
    add: fn =>
      new KafkaTrigger(fn, 'T', {
        bootstrapServers: ['kafka.example.com:9096'],
        topic: 'in',
        secret: Secret.fromSecretNameV2(fn.stack, 'Secret', 'kafka'),
        provisionedPollers: { maximumPollers: 4 },
        filters: [FilterCriteria.filter({ value: { amount: FilterRule.exists() } })],
      }),
    makes: [
      [
        'AWS::Lambda::EventSourceMapping',
        {
          SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['kafka.example.com:9096'] } },
          SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH', URI: Match.anyValue() }],
          ProvisionedPollerConfig: { MaximumPollers: 4 },
          BisectBatchOnFunctionError: true,
          MaximumRetryAttempts: 5,
          MaximumRecordAgeInSeconds: 86_400,
          FunctionResponseTypes: Match.absent(),
          FilterCriteria: { Filters: [{ Pattern: '{"value":{"amount":[{"exists":true}]}}' }] },
        },
      ],
    ],
    grants: [
      ...['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
      ...['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
    ],
  },
  {
    name: 'CloudWatch Logs',
    add: fn =>
      new LogsTrigger(fn, 'T', {
        logGroup: new LogGroup(fn.stack, 'Orders') as ILogGroup,
        filterPattern: FilterPattern.exists('$.amount'),
      }),
    makes: [
      ['AWS::Logs::SubscriptionFilter', { FilterPattern: '{ $.amount = "*" }' }],
      ['AWS::Lambda::EventInvokeConfig', { DestinationConfig: { OnFailure: Match.anyValue() } }],
    ],
    grants: ['sqs:SendMessage'],
  },
];

describe.each(cases)('$name', ({ add, makes, grants }) => {
  test('its resources, and the role may do what it needs', () => {
    const fn = newFunction(newStack(), { config: objects });
    add(fn);
    const template = templateOf(fn);
    for (const [type, properties] of makes) {
      template.hasResourceProperties(type, properties);
    }
    expect(actionsOf(template)).toEqual([...own, ...grants].sort());
  });

  test('with an alias it invokes the alias', () => {
    const fn = newFunction(newStack(), { config: objects, alias: 'live' });
    add(fn);
    const template = templateOf(fn);
    const [aliasId] = Object.keys(template.findResources('AWS::Lambda::Alias'));
    const [functionId] = Object.keys(template.findResources('AWS::Lambda::Function'));
    const targets = ['EventSourceMapping', 'Permission'].flatMap(type =>
      resourcesOf(template, `AWS::Lambda::${type}`).map(item => JSON.stringify(item.Properties.FunctionName)),
    );
    expect(targets.filter(target => target.includes(functionId!))).toEqual([]);
    expect(targets.every(target => target.includes(aliasId!))).toBe(true);
    for (const { Properties } of resourcesOf(template, 'AWS::Lambda::Url')) {
      expect(Properties.Qualifier).toBe('live');
    }
  });
});

test('one HTTP API leads to the function of each model', () => {
  const stack = newStack();
  const fn = newFunction(stack);
  new ModelsApi(stack, 'Models', { functions: [fn] });
  expect(
    resourcesOf(templateOf(stack), 'AWS::ApiGatewayV2::Route').map(route => route.Properties.RouteKey),
  ).toEqual(['ANY /v2/models/breast-cancer', 'ANY /v2/models/breast-cancer/{proxy+}']);
});

test('preflights that the function answers itself pass the authorizer', () => {
  const fn = newFunction(newStack(), {
    config: { http: { cors: { origins: ['https://shop.example.com'] } } },
  });
  new HttpApiTrigger(fn, 'T', { routes: ['POST /invocations'] });
  const routes = resourcesOf(templateOf(fn), 'AWS::ApiGatewayV2::Route').map(({ Properties }) => [
    Properties.RouteKey,
    Properties.AuthorizationType,
  ]);
  expect(routes).toEqual([
    ['POST /invocations', 'AWS_IAM'],
    ['OPTIONS /invocations', 'NONE'],
  ]);
});

test('an API has a stage for a domain of one’s own, and an access log in JSON', () => {
  const fn = newFunction();
  const { api, stage } = new HttpApiTrigger(fn, 'T');
  const domainName = DomainName.fromDomainNameAttributes(fn.stack, 'Domain', {
    name: 'score.example.com',
    regionalDomainName: 'd-1.example.com',
    regionalHostedZoneId: 'Z1',
  });
  new ApiMapping(fn.stack, 'Mapping', { api, domainName, stage, apiMappingKey: 'models' });
  const template = templateOf(fn);
  template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 1);
  const [{ Properties }] = resourcesOf(template, 'AWS::ApiGatewayV2::Stage') as [Resource];
  expect(JSON.parse(Properties.AccessLogSettings.Format)).toMatchObject({ status: '$context.status' });
});

test('an event source of CDK is bound to the alias', () => {
  const fn = newFunction(newStack(), { alias: 'live' });
  fn.addFunctionUrl();
  templateOf(fn).hasResourceProperties('AWS::Lambda::Url', { Qualifier: 'live' });
});

test('a function that streams is invoked by its URLs as one', () => {
  const fn = newFunction(newStack(), { config: { http: { streaming: true } } });
  new FunctionUrlTrigger(fn, 'T');
  fn.addFunctionUrl();
  const api = new RestApi(fn.stack, 'Api');
  api.root.addProxy({
    defaultIntegration: new LambdaIntegration(fn.invocable, {
      responseTransferMode: ResponseTransferMode.STREAM,
    }),
  });
  const template = templateOf(fn);
  for (const { Properties } of resourcesOf(template, 'AWS::Lambda::Url')) {
    expect(Properties).toMatchObject({ InvokeMode: 'RESPONSE_STREAM' });
  }
  template.hasResourceProperties('AWS::ApiGateway::Method', {
    Integration: {
      ResponseTransferMode: 'STREAM',
      Uri: { 'Fn::Join': ['', Match.arrayWith(['/response-streaming-invocations'])] },
    },
  });
});

test.each([
  ['new ones', ['Alarms', 'Orders']],
  ['one called as its topic is', ['Topic', 'Subscription']],
])('several topics, %s, are subscriptions of their own', (_, ids) => {
  const fn = newFunction();
  for (const id of ids) {
    new TopicTrigger(fn, id);
  }
  const topics = resourcesOf(templateOf(fn), 'AWS::SNS::Subscription').map(
    ({ Properties }) => Properties.TopicArn.Ref,
  );
  expect(new Set(topics).size).toBe(ids.length);
  expect(resourcesOf(templateOf(fn), 'AWS::Lambda::Permission')).toHaveLength(ids.length);
});
