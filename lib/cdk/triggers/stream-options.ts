import { Duration } from 'aws-cdk-lib';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq, type StreamEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/** What streams have in common. */
export interface StreamTriggerProps {
  /**
   * Records of one invocation, which are scored as one tensor.
   * @default 100
   */
  readonly batchSize?: number;
  /**
   * How long to wait for a batch to fill.
   * @default no waiting
   */
  readonly maxBatchingWindow?: Duration;
  /**
   * @default StartingPosition.LATEST
   */
  readonly startingPosition?: StartingPosition;
  /**
   * Batches of one shard at once.
   * @default 1
   */
  readonly parallelizationFactor?: number;
}

/**
 * A record that can never be scored must not hold its shard up for ever, which is what Lambda does by default: batches
 * are halved until it is alone, tried a few times within a day, and then told to the queue.
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
    ...(rest.maxBatchingWindow && { maxBatchingWindow: rest.maxBatchingWindow }),
    ...(rest.parallelizationFactor !== undefined && { parallelizationFactor: rest.parallelizationFactor }),
  };
}
