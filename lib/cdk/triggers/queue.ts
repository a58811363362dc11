import { Duration, Token } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { errorAt, type Problem } from '../error-at.ts';
import type { OnnxFunction } from '../function.ts';
import { isOutOfRange, rangeProblem } from '../out-of-range.ts';
import { newFailureQueue } from './failure-queue.ts';

export interface QueueTriggerProps {
  /**
   * @default a new one, with a dead-letter queue, whose messages stay hidden for 6 times the function's timeout
   */
  readonly queue?: sqs.IQueue;
  /**
   * Whether the new queue keeps messages in order.
   * @default false
   */
  readonly fifo?: boolean;
  /**
   * Messages of one invocation, which are scored as one tensor.
   * @default 10
   */
  readonly batchSize?: number;
  /**
   * How long to wait for a batch to fill.
   * @default no waiting
   */
  readonly maxBatchingWindow?: Duration;
  /**
   * Invocations at once, 2 to 1000.
   * @default the function's own limit
   */
  readonly maxConcurrency?: number;
  /**
   * How often a message is tried before it goes to the new queue's dead-letter queue.
   * @default 3
   */
  readonly maxReceiveCount?: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: what Lambda asks of a queue. */
const visibilityTimeouts = 6;
const maxBatch = { fifo: 10, standard: 10_000, withoutWindow: 10 } as const;
const maxWindowSeconds = 300;

/** Messages of a queue, in batches; those that fail come again alone. */
export class QueueTrigger extends Construct {
  readonly queue: sqs.IQueue;
  /** Of a new queue. */
  readonly deadLetterQueue: sqs.IQueue | undefined;

  /** @throws ColdpressError QUEUE_BATCH, QUEUE_FIFO, QUEUE_VISIBILITY, QUEUE_CONCURRENCY */
  constructor(fn: OnnxFunction, id: string, props: QueueTriggerProps = {}) {
    super(fn, id);
    const fifo = props.queue?.fifo ?? props.fifo ?? false;
    const problem = [batchProblem(props, fifo), queueProblem(props, fn)].find(found => found !== undefined);
    if (problem !== undefined) {
      throw errorAt(fn, id, problem);
    }
    this.deadLetterQueue =
      props.queue === undefined ? newFailureQueue(this, 'DeadLetters', { fifo }) : undefined;
    this.queue = props.queue ?? this.newQueue(fn, { fifo, maxReceiveCount: props.maxReceiveCount ?? 3 });
    fn.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: props.batchSize ?? 10,
        reportBatchItemFailures: true,
        ...(props.maxBatchingWindow && { maxBatchingWindow: props.maxBatchingWindow }),
        ...(props.maxConcurrency !== undefined && { maxConcurrency: props.maxConcurrency }),
      }),
    );
  }

  private newQueue(
    fn: OnnxFunction,
    { fifo, maxReceiveCount }: { fifo: boolean; maxReceiveCount: number },
  ): sqs.Queue {
    return new sqs.Queue(this, 'Queue', {
      visibilityTimeout: Duration.seconds(visibilityTimeouts * fn.timeoutDuration.toSeconds()),
      deadLetterQueue: { queue: this.deadLetterQueue!, maxReceiveCount },
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      ...(fifo && { fifo: true, contentBasedDeduplication: true }),
    });
  }
}

function batchProblem(
  { batchSize, maxBatchingWindow, maxConcurrency, maxReceiveCount }: QueueTriggerProps,
  fifo: boolean,
): Problem | undefined {
  if (fifo && maxBatchingWindow !== undefined) {
    return {
      code: 'QUEUE_FIFO',
      message: 'a FIFO queue takes no maxBatchingWindow',
      hint: 'leave it out: batches of a FIFO queue are what lies in it',
    };
  }
  if (maxBatchingWindow !== undefined && batchSize === undefined) {
    return {
      code: 'QUEUE_BATCH',
      message: 'maxBatchingWindow is given without the batchSize that it waits for',
      hint: `batchSize: 100, of at most ${maxBatch.standard}`,
    };
  }
  const most = fifo ? maxBatch.fifo : maxBatch.standard;
  if (isOutOfRange(batchSize, [1, most])) {
    return {
      code: 'QUEUE_BATCH',
      message: `batchSize is ${batchSize}`,
      hint: `1 to ${most} for a ${fifo ? 'FIFO' : 'standard'} queue`,
    };
  }
  if (batchSize !== undefined && batchSize > maxBatch.withoutWindow && maxBatchingWindow === undefined) {
    return {
      code: 'QUEUE_BATCH',
      message: `batchSize is ${batchSize}, and Lambda takes more than ${maxBatch.withoutWindow} with a batching window alone`,
      hint: 'maxBatchingWindow: Duration.seconds(1)',
    };
  }
  if (maxBatchingWindow !== undefined && isOutOfRange(maxBatchingWindow.toSeconds(), [0, maxWindowSeconds])) {
    return {
      code: 'QUEUE_BATCH',
      message: `maxBatchingWindow is ${maxBatchingWindow.toSeconds()} seconds`,
      hint: `${maxWindowSeconds} at most`,
    };
  }
  if (isOutOfRange(maxConcurrency, [2, 1000])) {
    return { code: 'QUEUE_CONCURRENCY', message: `maxConcurrency is ${maxConcurrency}`, hint: '2 to 1000' };
  }
  return rangeProblem('maxReceiveCount', maxReceiveCount, [1, 1000]);
}

/** What a queue of the same app says of itself; one that is imported says nothing. */
function queueProblem(
  { queue, fifo, maxReceiveCount }: QueueTriggerProps,
  fn: OnnxFunction,
): Problem | undefined {
  if (queue === undefined) {
    return undefined;
  }
  if (fifo !== undefined || maxReceiveCount !== undefined) {
    return {
      code: 'QUEUE_GIVEN',
      message: `${fifo === undefined ? 'maxReceiveCount' : 'fifo'} is for a new queue, and one is given`,
      hint: 'set it where the queue is made',
    };
  }
  const resource = queue.node.defaultChild;
  const hiddenSeconds = resource instanceof sqs.CfnQueue ? (resource.visibilityTimeout ?? 30) : undefined;
  const timeoutSeconds = fn.timeoutDuration.toSeconds();
  if (hiddenSeconds !== undefined && !Token.isUnresolved(hiddenSeconds) && hiddenSeconds < timeoutSeconds) {
    return {
      code: 'QUEUE_VISIBILITY',
      message: `the queue hides a message for ${hiddenSeconds} seconds, less than the function's timeout of ${timeoutSeconds}`,
      hint: `visibilityTimeout: Duration.seconds(${visibilityTimeouts * timeoutSeconds})`,
    };
  }
  return undefined;
}
