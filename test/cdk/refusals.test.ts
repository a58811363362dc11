import { cpSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kinesis from 'aws-cdk-lib/aws-kinesis';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';
import {
  BucketTrigger,
  HttpApiTrigger,
  KinesisTrigger,
  ModelsApi,
  OnnxBatchJob,
  OnnxFunction,
  OnnxRuntimeLayer,
  QueueTrigger,
  TableTrigger,
  TopicTrigger,
} from '../../lib/cdk/index.ts';
import { packAtSynth } from '../../lib/cdk/pack/pack-at-synth.ts';
import { baseConfig, cacheDir, errorOf, type Given, newFunction, newStack, templateOf } from './app.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-refusals-'));
const packed = packAtSynth({ cwd: scratch, cacheDir, config: baseConfig, overrides: {} });
const artifact = packed.ok ? packed.dir : '';

function file(name: string, text: string): string {
  writeFileSync(join(scratch, name), text);
  return join(scratch, name);
}

/** A folder with a model and an asset of 230 MB. */
function overBudget(): Given {
  const dir = join(scratch, 'large');
  cpSync(join(baseConfig.model, '..'), dir, { recursive: true });
  writeFileSync(join(dir, 'big.bin'), '');
  truncateSync(join(dir, 'big.bin'), 230 * 2 ** 20);
  const path = join(dir, 'large.config.mjs');
  writeFileSync(path, "export default { model: 'model.onnx', assets: ['big.bin'] };\n");
  return { config: path } as unknown as Given;
}

const given = (props: Given) => () => newFunction(newStack(), props);
const alone = (props: ConstructorParameters<typeof OnnxFunction>[2]) => () =>
  new OnnxFunction(newStack(), 'Churn', props);
const withFunction =
  (build: (fn: OnnxFunction) => unknown, props: Given = {}) =>
  () =>
    build(newFunction(newStack(), props));
const queueSink = { sinks: { results: { type: 'sqs' as const, queueUrl: { env: 'Q' } } } };
const layers = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    lambda.LayerVersion.fromLayerVersionArn(newStack(), `L${i}`, `arn:aws:lambda:eu-west-1:1:layer:l${i}:1`),
  );
const secretHeader = { authorization: { secretsManager: { env: 'TOKEN' } } };
const webhook = { type: 'webhook' as const, url: 'https://example.com', headers: secretHeader };

const cases: [name: string, build: () => unknown, code: string, says: RegExp][] = [
  ['no model', alone({}), 'MODEL_UNNAMED', /no model is named/],
  ['model missing', alone({ model: 'no.onnx' }), 'MODEL_NOT_FOUND', /no\.onnx/],
  ['model refused', alone({ model: file('text.onnx', 'hello') }), 'MODEL_IS_TEXT', /text\.onnx/],
  ['config missing', alone({ config: 'no.config.ts' }), 'CONFIG_MISSING', /no\.config\.ts/],
  ['config invalid', given({ config: { asset: [] } as never }), 'CONFIG_INVALID', /the config: .*"asset"/],
  ['score missing', given({ config: { score: 'no.ts' } }), 'SCORE_MISSING', /no\.ts/],
  ['unsupported runtime', given({ runtime: lambda.Runtime.NODEJS_20_X }), 'OPTION_INVALID', /nodejs20\.x/],
  ['over budget', () => alone(overBudget() as never)(), 'OVER_BUDGET', /262,144,000, layers counted/],
  ['artifact missing', alone({ artifact: scratch }), 'ARTIFACT_NOT_FOUND', /holds no packed function/],
  [
    'artifact of another CPU',
    alone({ artifact, architecture: lambda.Architecture.X86_64 }),
    'ARTIFACT_ARCHITECTURE',
    /packed for arm64, the function is x64/,
  ],
  [
    'artifact for another Node',
    alone({ artifact, runtime: lambda.Runtime.NODEJS_22_X }),
    'ARTIFACT_RUNTIME',
    /nodejs24\.x, the function is nodejs22\.x/,
  ],
  ['model and artifact', alone({ artifact, model: 'x.onnx' }), 'MODEL_AND_ARTIFACT', /which of them/],
  ['a sixth layer', given({ layers: layers(5) }), 'TOO_MANY_LAYERS', /6 layers/],
  [
    'SnapStart',
    given({ snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS }),
    'SNAPSTART_ZIP',
    /container/,
  ],
  [
    'provisioned canary',
    given({ provisionedConcurrency: 1, rollout: {} }),
    'PROVISIONED_CANARY',
    /divide its traffic/,
  ],
  [
    'more provisioned than reserved',
    given({ provisionedConcurrency: 3, reservedConcurrentExecutions: 2 }),
    'PROVISIONED_OVER_RESERVED',
    /3 provisioned/,
  ],
  ['too much memory', given({ memorySize: 20_000 }), 'MEMORY_SIZE', /20000/],
  ['too much time', given({ timeout: Duration.hours(1) }), 'TIMEOUT', /3600/],
  [
    'time that CloudFormation alone knows',
    () => {
      const stack = newStack();
      const seconds = new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber;
      newFunction(stack, { timeout: Duration.seconds(seconds) });
    },
    'TIMEOUT',
    /CloudFormation alone/,
  ],
  ['no time', given({ timeout: Duration.seconds(0) }), 'TIMEOUT', /0 seconds/],
  ['half of a megabyte', given({ memorySize: 512.5 }), 'MEMORY_SIZE', /512\.5/],
  ['alias $LATEST', given({ alias: '$LATEST' }), 'ALIAS_NAME', /\$LATEST/],
  ['alias of digits', given({ alias: '12' }), 'ALIAS_NAME', /"12"/],
  ['nothing provisioned', given({ provisionedConcurrency: 0 }), 'OPTION_OUT_OF_RANGE', /provisioned/],
  ['an alarm that always rings', given({ rollout: { maxErrors: 0 } }), 'OPTION_OUT_OF_RANGE', /maxErrors/],
  ['score and artifact', alone({ artifact, score: 'score.ts' }), 'MODEL_AND_ARTIFACT', /which of them/],
  ['config for Google', given({ config: { target: 'gcf' } }), 'ARTIFACT_TARGET', /leave target out/],
  [
    'artifact without its layer',
    () => {
      cpSync(artifact, join(scratch, 'torn'), { recursive: true });
      rmSync(join(scratch, 'torn/layer.zip'));
      alone({ artifact: join(scratch, 'torn') })();
    },
    'ARTIFACT_INVALID',
    /layer\.zip is missing/,
  ],
  [
    'variable of Lambda’s own',
    () => {
      const stack = newStack();
      newFunction(stack, {
        config: { sinks: { results: { type: 'sqs', queueUrl: { env: 'AWS_REGION' } } } },
        sinks: { results: new sqs.Queue(stack, 'Q') },
      });
    },
    'VARIABLE_NAME',
    /"AWS_REGION"/,
  ],
  ['budget without a listener', given({ budget: { monthlyBudgetUsd: 5 } }), 'BUDGET_UNHEARD', /nobody/],
  ['budget of nothing', given({ budget: { monthlyBudgetUsd: 0 } }), 'BUDGET_AMOUNT', /0/],
  ['sink without a grant', given({ config: queueSink }), 'SINK_WITHOUT_GRANT', /nothing lets the function/],
  [
    'sink of another kind',
    () => {
      const stack = newStack();
      newFunction(stack, { config: queueSink, sinks: { results: new sns.Topic(stack, 'T') as sns.ITopic } });
    },
    'SINK_KIND',
    /not the queue/,
  ],
  [
    'resource without a sink',
    () => {
      const stack = newStack();
      newFunction(stack, { sinks: { results: new sqs.Queue(stack, 'Q') } });
    },
    'SINK_UNKNOWN',
    /no such sink/,
  ],
  [
    'secret without a grant',
    given({ config: { sinks: { results: webhook } } }),
    'SECRET_WITHOUT_GRANT',
    /"TOKEN"/,
  ],
  [
    'SQS batch window without size',
    withFunction(fn => new QueueTrigger(fn, 'Q', { maxBatchingWindow: Duration.seconds(5) })),
    'QUEUE_BATCH',
    /without the batchSize/,
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
    'a layer of nothing',
    () => new OnnxRuntimeLayer(newStack(), 'L', { artifact: scratch }),
    'ARTIFACT_NOT_FOUND',
    /holds no packed function/,
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
];

test.each(cases)('%s', (_name, build, code, says) => {
  const error = errorOf(build);
  expect(error.message).toMatch(says);
  expect(error.code).toBe(code);
  // The construct's path, coldpress's own words, and no stack.
  expect(error.message).toMatch(/^Test\/[\w/]+: [A-Z_]+: /);
  expect(error.stack).toBe(`ColdpressError: ${error.message}`);
});

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

test.each([
  ['eu-west-1', []],
  ['eu-wset-1', [expect.stringContaining('no region "eu-wset-1"')]],
])('a stack in %s', (region, warnings) => {
  const stack = new Stack(new App(), 'Test', { env: { region } });
  newFunction(stack);
  const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('region'));
  expect(found.map(({ entry }) => entry.data)).toEqual(warnings);
});
