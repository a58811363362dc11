import { Arn, ArnFormat, Duration, Stack, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { defaultObjects } from '../contract/defaults.ts';
import { acknowledge, acknowledgeWildcard } from './acknowledge.ts';
import { MODEL_TAG } from './budget.ts';
import { errorAt, type Problem } from './error-at.ts';
import { newLogGroup } from './execution-role.ts';
import type { OnnxFunction } from './function.ts';
import { isOutOfRange } from './out-of-range.ts';
import { grantObjects } from './sinks/grants.ts';
import { wireSetting } from './sinks/settings.ts';

export interface OnnxBatchJobProps {
  /** The function that scores. */
  readonly function: OnnxFunction;
  /** The bucket of the inputs. */
  readonly bucket: s3.IBucket;
  /**
   * With `csv` and `jsonl`, each row or line of one object is a record, and the input of the execution names the
   * object: `{ "key": "in.csv" }`. With `objects`, each object is scored as a whole, as with `BucketTrigger`, and the
   * input names a prefix: `{ "prefix": "in/" }`.
   */
  readonly input: 'csv' | 'jsonl' | 'objects';
  /**
   * The bucket of results and failures. With `objects`, results go there if the config's `events.objects.bucket`
   * names it.
   * @default `bucket`
   */
  readonly resultsBucket?: s3.IBucket;
  /**
   * Start of the keys of results.
   * @default 'batch-results/'
   */
  readonly resultsPrefix?: string;
  /**
   * Records, or objects, of one invocation. Their results must fit into 256 KB.
   * @default 100 records, or 1 object
   */
  readonly batchSize?: number;
  /**
   * Concurrent invocations.
   * @default 50
   */
  readonly maxConcurrency?: number;
  /**
   * Percentage of batches that may fail before the job fails.
   * @default 0
   */
  readonly toleratedFailurePercentage?: number;
  /**
   * Percentage of the records of a batch that may fail before the batch fails. Each failed record is in the results
   * with its error.
   * @default 100
   */
  readonly toleratedRecordFailurePercentage?: number;
  /**
   * Adds the record to each result. A failed record is always included.
   * @default false
   */
  readonly includeRecords?: boolean;
  /**
   * Start of the keys of inputs. The job may read no other object.
   * @default any key of the bucket
   */
  readonly inputPrefix?: string;
}

/** Step Functions allows 256 KiB of input per batch; the remainder is for its envelope. */
const maxInputBytesPerBatch = 240_000;

/** Scores millions of rows: Step Functions divides them, the function scores each part, and the results go to S3. */
export class OnnxBatchJob extends Construct {
  /** The state machine to start. */
  readonly stateMachine: sfn.StateMachine;

  /** @throws ColdpressError OBJECTS_REFUSED, BATCH_SIZE, BATCH_TOLERANCE */
  constructor(scope: Construct, id: string, props: OnnxBatchJobProps) {
    super(scope, id);
    // Makes CDK use `resultWriterV2`, which says how results are written; without this flag it would be ignored.
    this.node.setContext('@aws-cdk/aws-stepfunctions:useDistributedMapResultWriterV2', true);
    const problem = findProblem(props);
    if (problem !== undefined) {
      throw errorAt(scope, id, problem);
    }
    const { function: fn, bucket, input, resultsBucket = bucket } = props;
    const map = this.distribute(props, resultsBucket);
    this.stateMachine = new sfn.StateMachine(this, 'StateMachine', {
      definitionBody: sfn.DefinitionBody.fromChainable(map),
      logs: { destination: newLogGroup(this, 'Logs'), level: sfn.LogLevel.ERROR },
    });
    this.allowKeys(bucket, resultsBucket);
    this.acknowledge(props);
    if (fn.alias === undefined) {
      acknowledgeWildcard(
        this.stateMachine,
        `${fn.functionArn}:*`,
        "CDK's grant on a function counts its versions in",
      );
    }
    if (input === 'objects') {
      const objects = fn.manifest?.events.objects ?? defaultObjects;
      if (objects.bucket !== null) {
        wireSetting(fn, objects.bucket, resultsBucket.bucketName);
      }
      const write = {
        bucket: objects.bucket === null ? bucket : resultsBucket,
        prefix: objects.prefix,
      };
      grantObjects(fn, { read: { bucket, prefix: '' }, write });
    }
    if (fn.manifest !== undefined) {
      Tags.of(this).add(MODEL_TAG, fn.modelName);
    }
  }

  private distribute(props: OnnxBatchJobProps, resultsBucket: s3.IBucket): sfn.DistributedMap {
    const { function: fn, input, toleratedFailurePercentage = 0 } = props;
    const prefix = resultsPrefix(props);
    const taskTimeout = fn.timeoutDuration.plus(Duration.seconds(15));
    // Express executions are cheaper, but end after five minutes.
    const mapExecutionType =
      taskTimeout.toMinutes({ integral: false }) <= 5
        ? sfn.StateMachineType.EXPRESS
        : sfn.StateMachineType.STANDARD;
    const map = sfn.DistributedMap.jsonata(this, 'Rows', {
      mapExecutionType,
      itemReader: reader(props),
      // Batches are written in the order in which they finish.
      ...(input !== 'objects' && {
        itemSelector: {
          row: '{% $states.context.Map.Item.Index + 1 %}',
          record: '{% $states.context.Map.Item.Value %}',
        },
      }),
      itemBatcher: new sfn.ItemBatcher({
        maxItemsPerBatch: props.batchSize ?? (input === 'objects' ? 1 : 100),
        maxInputBytesPerBatch,
      }),
      maxConcurrency: props.maxConcurrency ?? 50,
      toleratedFailurePercentage,
      resultWriterV2: writer(resultsBucket, prefix),
      label: 'Rows',
    });
    const score = LambdaInvoke.jsonata(this, 'Score', {
      lambdaFunction: fn.invocable,
      payload: sfn.TaskInput.fromText(payloadOf(props)),
      outputs: '{% $states.result.Payload %}',
      taskTimeout: sfn.Timeout.duration(taskTimeout),
    });
    // Throttling is expected: a job reaches the function's own concurrency limit first.
    score.addRetry({
      errors: ['Lambda.TooManyRequestsException'],
      maxAttempts: 10,
      maxDelay: Duration.minutes(1),
    });
    // Covers timeouts and exhausted memory; a second attempt may succeed.
    score.addRetry({
      errors: ['RequestError', 'Lambda.Unknown', 'Sandbox.Timedout'],
      maxAttempts: 3,
      interval: Duration.seconds(2),
      backoffRate: 2,
    });
    return map.itemProcessor(score);
  }

  /** Grants access to the KMS keys of the buckets, if they have any. */
  private allowKeys(bucket: s3.IBucket, resultsBucket: s3.IBucket): void {
    bucket.encryptionKey?.grant(this.stateMachine, 'kms:Decrypt');
    resultsBucket.encryptionKey?.grant(this.stateMachine, 'kms:GenerateDataKey', 'kms:Decrypt');
  }

  /** Acknowledges the wildcards in what CDK grants a distributed map. */
  private acknowledge(props: OnnxBatchJobProps): void {
    const { bucket, resultsBucket = bucket, inputPrefix = '' } = props;
    const machine = this.stateMachine;
    const { resourceName } = Arn.split(machine.stateMachineArn, ArnFormat.COLON_RESOURCE_NAME);
    const executions = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: resourceName!,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    for (const resource of [`${executions}:*`, `${executions}/Rows:*`]) {
      acknowledgeWildcard(machine, resource, 'executions of this very state machine');
    }
    for (const objects of [
      bucket.arnForObjects(`${inputPrefix}*`),
      resultsBucket.arnForObjects(`${resultsPrefix(props)}/*`),
    ]) {
      acknowledgeWildcard(machine, objects, 'input and results have names that the execution gives them');
    }
    acknowledgeWildcard(machine, '*', 'the delivery of logs takes no resource');
    acknowledge(
      machine,
      'AwsSolutions-SF1',
      'errors are logged; all events would repeat every row of the input',
    );
    acknowledge(machine, 'AwsSolutions-SF2', 'X-Ray is off by default: it costs by the trace');
  }
}

function resultsPrefix({ resultsPrefix: prefix = 'batch-results/' }: OnnxBatchJobProps): string {
  return prefix.replace(/\/$/, '');
}

/**
 * Writes one result per line; FLATTEN unpacks the arrays of batches. CDK would grant write access to the whole bucket.
 */
function writer(bucket: s3.IBucket, prefix: string): sfn.ResultWriterV2 {
  const made = new sfn.ResultWriterV2({
    bucket,
    prefix,
    writerConfig: { outputType: sfn.OutputType.JSONL, transformation: sfn.Transformation.FLATTEN },
  });
  const actions = ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'];
  const resources = [bucket.arnForObjects(`${prefix}/*`)];
  made.providePolicyStatements = () => [new iam.PolicyStatement({ actions, resources })];
  return made;
}

function reader({ bucket, input, inputPrefix = '' }: OnnxBatchJobProps): sfn.IItemReader {
  const key = '{% $states.input.key %}';
  const narrow = <Reader extends sfn.IItemReader>(made: Reader): Reader => {
    const resources = [bucket.arnForObjects(`${inputPrefix}*`)];
    made.providePolicyStatements = () => [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources })];
    return made;
  };
  switch (input) {
    case 'csv':
      return narrow(new sfn.S3CsvItemReader({ bucket, key, csvHeaders: sfn.CsvHeaders.useFirstRow() }));
    case 'jsonl':
      return narrow(new sfn.S3JsonLItemReader({ bucket, key }));
    case 'objects':
      return new sfn.S3ObjectsItemReader({ bucket, prefix: '{% $states.input.prefix %}' });
  }
}

/**
 * The JSONata expression of the function's input: a batch of records, for `lib/runtime/sources/batch.ts`, or an S3
 * notification.
 */
function payloadOf(props: OnnxBatchJobProps): string {
  const { bucket, input, includeRecords = false, toleratedRecordFailurePercentage: tolerated = 100 } = props;
  const common = `'items': $states.input.Items, 'echo': ${includeRecords}, 'toleratedFailurePercentage': ${tolerated}`;
  switch (input) {
    case 'csv':
      // Step Functions reads every cell as text; the function knows the datatypes of the columns.
      return `{% { 'coldpress': 'batch', 'format': 'csv', ${common} } %}`;
    case 'jsonl':
      return `{% { 'coldpress': 'batch', ${common} } %}`;
    case 'objects': {
      const object = `{ 'bucket': { 'name': '${bucket.bucketName}' }, 'object': { 'key': $encodeUrlComponent($item.Key) } }`;
      const record = `{ 'eventSource': 'aws:s3', 'eventName': 'ObjectCreated:Put', 's3': ${object} }`;
      return `{% { 'Records': [$map($states.input.Items, function($item) { ${record} })] } %}`;
    }
  }
}

function findProblem(props: OnnxBatchJobProps): Problem | undefined {
  const { function: fn, input, batchSize, maxConcurrency, toleratedFailurePercentage: tolerated = 0 } = props;
  if (input === 'objects' && fn.manifest !== undefined && fn.manifest.events.objects?.store !== 's3') {
    return {
      code: 'OBJECTS_REFUSED',
      message: "the function's config does not allow objects of S3",
      hint: "events: { objects: { store: 's3' } } in the config",
    };
  }
  if (input === 'objects' && (fn.manifest?.events.objects?.bucket ?? null) !== null && !props.resultsBucket) {
    return {
      code: 'OBJECTS_BUCKET',
      message:
        'the config writes results to another bucket, but the function has no permission to write there',
      hint: 'resultsBucket in the props of the job',
    };
  }
  if (isOutOfRange(maxConcurrency, [1, 10_000])) {
    const message = `maxConcurrency is ${maxConcurrency}`;
    return { code: 'OPTION_OUT_OF_RANGE', message, hint: '1 to 10000' };
  }
  if (isOutOfRange(batchSize, [1, Number.MAX_SAFE_INTEGER])) {
    return { code: 'BATCH_SIZE', message: `batchSize is ${batchSize}`, hint: 'a whole number, at least 1' };
  }
  const percentages = {
    toleratedFailurePercentage: tolerated,
    toleratedRecordFailurePercentage: props.toleratedRecordFailurePercentage ?? 100,
  };
  for (const [name, percentage] of Object.entries(percentages)) {
    if (percentage < 0 || percentage > 100) {
      return { code: 'BATCH_TOLERANCE', message: `${name} is ${percentage}`, hint: '0 to 100' };
    }
  }
  return undefined;
}
