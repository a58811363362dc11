import validateAsl from 'asl-validator';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import jsonata from 'jsonata';
import { describe, expect, test } from 'vitest';
import { OnnxBatchJob, type OnnxBatchJobProps } from '../../lib/cdk/index.ts';
import type { ColdpressFunction } from '../../lib/runtime/function.ts';
import { findSource } from '../../lib/runtime/sources/find-source.ts';
import { lookupFunction, newInvocation } from '../runtime/events/lookup-function.ts';
import { newFunction, newStack, resourcesOf, templateOf } from './app.ts';
import { context } from './everything.ts';

type Input = OnnxBatchJobProps['input'];
const inputs = ['csv', 'jsonl', 'objects'] as const;
const config = { events: { objects: { store: 's3' as const } } };

function jobOf(input: Input, props: Partial<OnnxBatchJobProps> = {}, stack = newStack()) {
  const bucket = s3.Bucket.fromBucketName(stack, 'Data', 'rows');
  const fn = newFunction(stack, { alias: 'live', config });
  new OnnxBatchJob(stack, 'Job', { function: fn, bucket, input, batchSize: 500, ...props });
  return templateOf(stack);
}

// biome-ignore lint/suspicious/noExplicitAny: a state machine, as JSON
function definitionOf(template: ReturnType<typeof templateOf>): any {
  const [machine] = resourcesOf(template, 'AWS::StepFunctions::StateMachine');
  const { 'Fn::Join': join } = machine!.Properties.DefinitionString;
  const fill = (part: string | { Ref?: string }) =>
    typeof part === 'string' ? part : part.Ref === 'AWS::Partition' ? 'aws' : 'a-reference';
  const text = join[1].map(fill).join('');
  return JSON.parse(text);
}

test.each(inputs)('%s: a definition that Step Functions takes', input => {
  const definition = definitionOf(jobOf(input));
  expect(validateAsl(definition)).toMatchObject({ isValid: true, errors: [] });
  expect(definition.States.Rows).toMatchObject({
    ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' } },
    ItemBatcher: { MaxItemsPerBatch: 500 },
    ResultWriter: { WriterConfig: { OutputType: 'JSONL', Transformation: 'FLATTEN' } },
  });
});

test('what was late is tried again, what cannot be is not', () => {
  const { Retry } = definitionOf(jobOf('csv')).States.Rows.ItemProcessor.States.Score;
  const retried = Retry.flatMap(({ ErrorEquals }: { ErrorEquals: string[] }) => ErrorEquals);
  expect(retried).toEqual(expect.arrayContaining(['RequestError', 'Lambda.TooManyRequestsException']));
  expect(retried).not.toContain('TooManyRecordsFailed');
});

/** Evaluates the templates of a state as Step Functions does. */
async function evaluate(value: unknown, states: object): Promise<unknown> {
  if (typeof value === 'string') {
    const expression = /^\{%([\s\S]*)%\}$/.exec(value)?.[1];
    return expression === undefined ? value : await jsonata(expression).evaluate({}, { states });
  }
  const entries = Object.entries(value as object).map(async ([key, inner]) => [
    key,
    await evaluate(inner, states),
  ]);
  return Object.fromEntries(await Promise.all(entries));
}

/** Runs the rows through the job as its definition says: item by item, batch by batch, answer by answer. */
async function run(template: ReturnType<typeof templateOf>, rows: unknown[], fn: ColdpressFunction) {
  const { ItemSelector, ItemProcessor } = definitionOf(template).States.Rows;
  const { Arguments, Output } = ItemProcessor.States.Score;
  const Items = await Promise.all(
    rows.map((Value, Index) => evaluate(ItemSelector, { context: { Map: { Item: { Index, Value } } } })),
  );
  const payload = JSON.parse(JSON.stringify(await evaluate(Arguments.Payload, { input: { Items } })));
  const source = await findSource(payload);
  const Payload = JSON.parse(JSON.stringify(await source.handle(payload, fn, newInvocation())));
  return evaluate(Output, { result: { Payload } });
}

describe('the job, replayed', () => {
  test('cells of CSV are read by the types of their columns, and each answer has its row', async () => {
    const answers = await run(
      jobOf('csv'),
      [{ index: ' 1' }, { index: 'x' }, { index: '' }],
      await lookupFunction(),
    );
    expect(answers).toMatchObject([
      { row: 1, result: { value: expect.any(Number) } },
      { row: 2, error: { code: expect.any(String) }, record: { index: 'x' } },
      { row: 3, error: { code: expect.any(String) }, record: { index: '' } },
    ]);
    expect((answers as object[])[0]).not.toHaveProperty('record');
  });

  test('a batch of one is an array, too; its answer has the record and its own id, when asked', async () => {
    const fn = await lookupFunction({ events: { id: 'customer' } });
    const record = { index: 1, customer: 'c1', tags: ['a', 'b'] };
    expect(await run(jobOf('jsonl', { includeRecords: true }), [record], fn)).toMatchObject([
      { row: 1, id: 'c1', record, result: { value: expect.any(Number) } },
    ]);
  });

  test('a batch of which too many records failed fails', async () => {
    const fn = await lookupFunction();
    const template = jobOf('jsonl', { toleratedRecordFailurePercentage: 50 });
    await expect(run(template, [{ index: 1 }, {}, {}], fn)).rejects.toMatchObject({
      name: 'TooManyRecordsFailed',
      message: expect.stringMatching(/^2 of 3 records failed/),
    });
    expect(await run(template, [{ index: 1 }, {}], fn)).toHaveLength(2);
  });

  test('objects are notifications of S3', async () => {
    const { Arguments } = definitionOf(jobOf('objects')).States.Rows.ItemProcessor.States.Score;
    const Items = [{ Key: 'in/a b+ü.csv', Size: 3 }];
    expect(JSON.parse(JSON.stringify(await evaluate(Arguments.Payload, { input: { Items } })))).toMatchObject(
      {
        Records: [{ eventSource: 'aws:s3', s3: { object: { key: 'in%2Fa%20b%2B%C3%BC.csv' } } }],
      },
    );
  });
});

test('the state machine reads below the input’s prefix, writes below the results’, and may use the keys', () => {
  const stack = newStack();
  const key = new kms.Key(stack, 'Key');
  const bucket = new s3.Bucket(stack, 'Own', { encryptionKey: key }) as s3.IBucket;
  const template = jobOf('csv', { bucket, inputPrefix: 'in/' }, stack);
  const arn = (suffix: string) => ({ 'Fn::Join': ['', [stack.resolve(bucket.bucketArn), suffix]] });
  for (const [action, resource] of [
    ['s3:GetObject', arn('/in/*')],
    [Match.arrayWith(['s3:PutObject']), arn('/batch-results/*')],
    [Match.arrayWith(['kms:GenerateDataKey', 'kms:Decrypt']), stack.resolve(key.keyArn)],
  ]) {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: action, Resource: resource })]),
      },
    });
  }
});

test.each([undefined, { account: '123456789012', region: 'eu-central-1' }])(
  'AWS’s own rules find nothing, in a stack of %j',
  env => {
    const app = new App({ context });
    jobOf('csv', {}, new Stack(app, 'Test', env ? { env } : {}));
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  },
);
