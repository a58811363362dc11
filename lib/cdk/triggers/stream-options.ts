import { Duration } from 'aws-cdk-lib';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq, type StreamEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { errorAt } from '../error-at.ts';
import type { OnnxFunction } from '../function.ts';
import { rangeProblem } from '../out-of-range.ts';
import { addAlarm } from './alarm.ts';
import type { EventFilter } from './event-filter.ts';

/** Properties that Kinesis and DynamoDB streams share. */
export interface StreamTriggerProps {
  /**
   * Records of one invocation. They are scored together.
   * @default 100
   */
  readonly batchSize?: number;
  /**
   * Longest time to wait for a batch to fill.
   * @default no waiting
   */
  readonly maxBatchingWindow?: Duration;
  /**
   * Where to start reading the stream.
   * @default StartingPosition.LATEST
   */
  readonly startingPosition?: StartingPosition;
  /**
   * Records to score, each pattern made by `lambda.FilterCriteria.filter({ … })`. Lambda skips all other records.
   * @default all
   */
  readonly filters?: EventFilter[];
  /**
   * Age of a record at which an alarm is raised.
   * @default one hour
   */
  readonly maxIteratorAge?: Duration;
  /**
   * Concurrent batches of one shard, 1 to 10.
   * @default 1
   */
  readonly parallelizationFactor?: number;
}

const limits = { batchSize: [1, 10_000], parallelizationFactor: [1, 10] } as const;

/** @throws ColdpressError OPTION_OUT_OF_RANGE, with the trigger's path */
export function checkStream(fn: OnnxFunction, id: string, props: StreamTriggerProps): void {
  for (const name of ['batchSize', 'parallelizationFactor'] as const) {
    const problem = rangeProblem(name, props[name], limits[name]);
    if (problem !== undefined) {
      throw errorAt(fn, id, problem);
    }
  }
}

/**
 * Prevents a record that can never be scored from blocking its shard forever, which is Lambda's default. Batches are
 * halved until the record is alone, retried a few times within a day, and then reported to the queue.
 */
export function streamOptions(
  { batchSize = 100, startingPosition = StartingPosition.LATEST, ...rest }: StreamTriggerProps,
  failures: sqs.IQueue,
): StreamEventSourceProps {
  return {
    batchSize,
    startingPosition,
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    retryAttempts: 5,
    maxRecordAge: Duration.days(1),
    onFailure: new SqsDlq(failures),
    ...(rest.filters && { filters: rest.filters }),
    ...(rest.maxBatchingWindow && { maxBatchingWindow: rest.maxBatchingWindow }),
    ...(rest.parallelizationFactor !== undefined && { parallelizationFactor: rest.parallelizationFactor }),
  };
}

/** Adds an alarm for when the function falls behind its stream, long before records expire unread. */
export function alarmOnAge(
  fn: OnnxFunction,
  scope: Construct,
  { maxIteratorAge = Duration.hours(1) }: StreamTriggerProps,
): void {
  addAlarm(fn, scope, 'AgeAlarm', {
    metric: fn.invocable.metric('IteratorAge', { statistic: 'Maximum' }),
    threshold: maxIteratorAge.toMilliseconds(),
    alarmDescription: `${fn.modelName}: falls behind the stream of ${scope.node.id}`,
  });
}
