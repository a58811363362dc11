import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import { memoryFor, OnnxFunction } from '../../lib/cdk/index.ts';
import { actionsOf, baseConfig, newFunction, newStack, resourcesOf, templateOf } from './app.ts';

describe('defaults', () => {
  const template = templateOf(newFunction());

  test('the function', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: 30,
      LoggingConfig: { LogFormat: 'JSON', LogGroup: Match.anyValue() },
      TracingConfig: Match.absent(),
      Environment: Match.absent(),
      Layers: [Match.anyValue()],
      Tags: [{ Key: 'coldpress:model', Value: 'breast-cancer' }],
    });
  });

  test('the log group keeps a month', () => {
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 30 },
      DeletionPolicy: 'Delete',
    });
  });

  test('the role may write to that log group, and nothing else', () => {
    expect(resourcesOf(template, 'AWS::IAM::Role')[0]!.Properties.ManagedPolicyArns).toBeUndefined();
    expect(actionsOf(template)).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
  });

  test('a synthesis prints the proof, the engine and how the score answered', () => {
    const stack = newStack();
    newFunction(stack);
    const info = Annotations.fromStack(stack).findInfo('*', Match.anyValue());
    expect(info.map(({ entry }) => entry.data)).toEqual([
      expect.stringMatching(/^proof: .+\nengine: onnxruntime.*\nscore: /),
    ]);
  });

  test('nothing else is made', () => {
    const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(
      r => r.Type,
    );
    expect(types.sort()).toEqual([
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Lambda::Function',
      'AWS::Lambda::LayerVersion',
      'AWS::Logs::LogGroup',
    ]);
  });
});

describe('what CDK users know', () => {
  test('everything of lambda.Function comes before the defaults', () => {
    const fn = newFunction(newStack(), {
      architecture: lambda.Architecture.X86_64,
      runtime: lambda.Runtime.NODEJS_22_X,
      memorySize: 2048,
      environment: { LEVEL: 'high' },
      reservedConcurrentExecutions: 5,
      loggingFormat: lambda.LoggingFormat.TEXT,
      tracing: lambda.Tracing.ACTIVE,
    });
    templateOf(fn).hasResourceProperties('AWS::Lambda::Function', {
      Architectures: ['x86_64'],
      Runtime: 'nodejs22.x',
      MemorySize: 2048,
      Environment: { Variables: { LEVEL: 'high' } },
      ReservedConcurrentExecutions: 5,
      LoggingConfig: { LogFormat: 'Text' },
      TracingConfig: { Mode: 'Active' },
    });
  });

  test('in a VPC its role may have network interfaces', () => {
    const stack = newStack();
    const fn = newFunction(stack, { vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0 }) as ec2.IVpc });
    const [role] = resourcesOf(templateOf(fn), 'AWS::IAM::Role').filter(r => r.Properties.ManagedPolicyArns);
    expect(JSON.stringify(role!.Properties)).toContain('AWSLambdaVPCAccessExecutionRole');
  });

  test('results of asynchronous invocations go to a destination, of the alias where there is one', () => {
    for (const alias of [undefined, 'live']) {
      const stack = newStack();
      const onSuccess = new SqsDestination(new sqs.Queue(stack, 'Results'));
      const fn = newFunction(stack, { onSuccess, ...(alias !== undefined && { alias }) });
      templateOf(fn).resourceCountIs('AWS::Lambda::EventInvokeConfig', 1);
      const [config] = resourcesOf(templateOf(fn), 'AWS::Lambda::EventInvokeConfig');
      expect(config!.Properties.Qualifier === '$LATEST').toBe(alias === undefined);
    }
  });
});

test('the functions of a stack share a layer for each CPU, and stacks share nothing', () => {
  const app = new App();
  const stacks = ['A', 'B'].map(id => new Stack(app, id));
  for (const stack of stacks) {
    for (const id of ['One', 'Two']) {
      new OnnxFunction(stack, id, { config: baseConfig });
    }
  }
  new OnnxFunction(stacks[1]!, 'Three', { config: baseConfig, architecture: lambda.Architecture.X86_64 });
  expect(stacks.map(stack => resourcesOf(templateOf(stack), 'AWS::Lambda::LayerVersion').length)).toEqual([
    1, 2,
  ]);
  for (const stack of stacks) {
    expect(templateOf(stack).findOutputs('*')).toEqual({});
  }
});

test('a stack that is not selected is not packed', () => {
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': ['Other'] } }), 'Test');
  const fn = new OnnxFunction(stack, 'Churn', { model: 'there-is-none.onnx' });
  expect(fn.manifest).toBeUndefined();
});

test('a stack that was not packed cannot be deployed, by CDK or by CloudFormation', () => {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': ['One'] } });
  const [one, two] = ['One', 'Two'].map(id => new Stack(app, id)) as [Stack, Stack];
  newFunction(one);
  newFunction(two);
  expect(Annotations.fromStack(two).findError('*', Match.stringLikeRegexp('was not packed'))).toHaveLength(1);
  const rulesOf = (stack: Stack) => JSON.stringify(templateOf(stack).toJSON().Rules);
  expect(rulesOf(two)).toContain('"Assert":{"Fn::Equals":["a model","none"]}');
  expect(Annotations.fromStack(one).findError('*', Match.anyValue())).toEqual([]);
  expect(rulesOf(one)).not.toContain('a model');
});

test('a nested stack is packed when the stack around it is selected', () => {
  const outer = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': ['Test'] } }), 'Test');
  const fn = newFunction(new NestedStack(outer, 'Nested'));
  expect(fn.manifest?.name).toBe('breast-cancer');
});

test.each([
  [1_000, 512],
  [64 * 2 ** 20, 512],
  [65 * 2 ** 20, 1024],
  [192 * 2 ** 20, 1024],
  [200 * 2 ** 20, 1769],
  [3000 * 2 ** 20, 3008],
])('a model of %i bytes gets %i MB', (sizeBytes, memoryMb) => {
  const files = [
    { path: 'model/model.ort', sizeBytes, sha256: '', reason: '' },
    { path: 'index.mjs', sizeBytes: 2 ** 30, sha256: '', reason: '' },
  ];
  expect(memoryFor({ files })).toBe(memoryMb);
});
