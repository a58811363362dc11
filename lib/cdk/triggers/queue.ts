import { Annotations, Duration, Token } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { errorAt, type Problem } from '../error-at.ts';
import type { OnnxFunction } from '../function.ts';
import { isOutOfRange, rangeProblem } from '../out-of-range.ts';
import type { EventFilter } from './event-filter.ts';
import { newFailureQueue } from './failure-queue.ts';
import { checkSource } from './own-sink.ts';
import { Trigger } from './trigger.ts';

export interface QueueTriggerProps {
  /**
   * The queue to read from.
   * @default a new one with a dead-letter queue and a visibility timeout of 6 times the function's timeout
   */
  readonly queue?: sqs.IQueue;
  /**
   * Makes the new queue a FIFO queue.
   * @default false
   */
  readonly fifo?: boolean;
  /**
   * Messages of one invocation. They are scored together.
   * @default 10
   */
  readonly batchSize?: number;
  /**
   * Longest time to wait for a batch to fill.
   * @default no waiting
   */
  readonly maxBatchingWindow?: Duration;
  /**
   * Concurrent invocations, 2 to 1000. Do not exceed what the function may have: throttled messages return to the
   * queue, and in the end reach the dead-letter queue without being scored.
   * @default the function's reserved concurrency; without one, the account's limit
   */
  readonly maxConcurrency?: number;
  /**
   * Messages to score, each pattern made by `lambda.FilterCriteria.filter({ … })`. Lambda deletes all other messages.
   * @default all
   */
  readonly filters?: EventFilter[];
  /**
   * Attempts before a message moves to the dead-letter queue of the new queue.
   * @default 5
   */
  readonly maxReceiveCount?: number;
}

/**
 * The visibility timeout that Lambda recommends, in multiples of the function's timeout (plus the window).
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const visibilityTimeouts = 6;
const maxBatch = { fifo: 10, standard: 10_000, withoutWindow: 10 } as const;
const maxWindowSeconds = 300;
const concurrencyRange = [2, 1000] as const;

/** Scores messages of an SQS queue in batches. Only messages that failed are retried. */
export class QueueTrigger extends Trigger {
  /** The queue to send messages to. */
  readonly queue: sqs.IQueue;
  /** The dead-letter queue of a new queue. */
  readonly deadLetterQueue: sqs.IQueue | undefined;

  /** @throws ColdpressError QUEUE_BATCH, QUEUE_FIFO, QUEUE_VISIBILITY, QUEUE_CONCURRENCY, TRIGGER_LOOP */
  constructor(fn: OnnxFunction, id: string, props: QueueTriggerProps = {}) {
    super(fn, id);
    const fifo = props.queue?.fifo ?? props.fifo ?? false;
    const problem = [batchProblem(props, fifo), queueProblem(props, fn), concurrencyProblem(props, fn)].find(
      found => found !== undefined,
    );
    if (problem !== undefined) {
      throw errorAt(fn, id, problem);
    }
    if (props.queue !== undefined && props.filters === undefined) {
      checkSource(fn, id, props.queue);
    }
    warnOfLoss(this, props.queue, fn);
    this.deadLetterQueue =
      props.queue === undefined ? newFailureQueue(this, fn, { id: 'DeadLetters', fifo }) : undefined;
    this.queue = props.queue ?? this.newQueue(fn, fifo, props);
    const maxConcurrency = props.maxConcurrency ?? concurrencyOf(fn);
    fn.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: props.batchSize ?? 10,
        reportBatchItemFailures: true,
        ...(props.maxBatchingWindow && { maxBatchingWindow: props.maxBatchingWindow }),
        ...(maxConcurrency !== undefined && { maxConcurrency }),
        ...(props.filters && { filters: props.filters }),
      }),
    );
  }

  private newQueue(
    fn: OnnxFunction,
    fifo: boolean,
    { maxReceiveCount = 5, maxBatchingWindow = Duration.seconds(0) }: QueueTriggerProps,
  ): sqs.Queue {
    const hiddenSeconds = visibilityTimeouts * fn.timeoutDuration.toSeconds() + maxBatchingWindow.toSeconds();
    return new sqs.Queue(this, 'Queue', {
      visibilityTimeout: Duration.seconds(hiddenSeconds),
      deadLetterQueue: { queue: this.deadLetterQueue!, maxReceiveCount },
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      ...(fifo && { fifo: true, contentBasedDeduplication: true }),
    });
  }
}

/** Warns if a message that always fails would be retried until it expires, and then be lost. */
function warnOfLoss(trigger: Trigger, queue: sqs.IQueue | undefined, fn: OnnxFunction): void {
  const resource = queue?.node.defaultChild;
  const isKept = (fn.manifest?.sinks.failures ?? null) !== null;
  if (resource instanceof sqs.CfnQueue && resource.redrivePolicy === undefined && !isKept) {
    Annotations.of(trigger).addWarningV2(
      'coldpress:queueWithoutDeadLetters',
      'the queue has no dead-letter queue: a message that always fails is retried until it expires, and is then lost; set deadLetterQueue where the queue is made, or sinks.failures in the config',
    );
  }
}

function batchProblem(
  { batchSize, maxBatchingWindow, maxConcurrency, maxReceiveCount }: QueueTriggerProps,
  fifo: boolean,
): Problem | undefined {
  if (fifo && maxBatchingWindow !== undefined) {
    return {
      code: 'QUEUE_FIFO',
      message: 'FIFO queues do not support maxBatchingWindow',
      hint: 'remove it: a FIFO queue delivers its batches without a window',
    };
  }
  if (maxBatchingWindow !== undefined && batchSize === undefined) {
    return {
      code: 'QUEUE_BATCH',
      message: 'maxBatchingWindow needs a batchSize to wait for',
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
      message: `batchSize is ${batchSize}, but Lambda allows more than ${maxBatch.withoutWindow} only with a batching window`,
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
  if (isOutOfRange(maxConcurrency, concurrencyRange)) {
    return { code: 'QUEUE_CONCURRENCY', message: `maxConcurrency is ${maxConcurrency}`, hint: '2 to 1000' };
  }
  return rangeProblem('maxReceiveCount', maxReceiveCount, [1, 1000]);
}

/** The function's reserved concurrency; `undefined` if only CloudFormation knows it. */
function reservedOf(fn: OnnxFunction): number | undefined {
  const { reservedConcurrentExecutions: reserved } = fn.node.defaultChild as lambda.CfnFunction;
  return Token.isUnresolved(reserved) ? undefined : reserved;
}

function concurrencyOf(fn: OnnxFunction): number | undefined {
  const reserved = reservedOf(fn);
  const [least, most] = concurrencyRange;
  return reserved === undefined || reserved < least ? undefined : Math.min(reserved, most);
}

function concurrencyProblem({ maxConcurrency }: QueueTriggerProps, fn: OnnxFunction): Problem | undefined {
  const reserved = reservedOf(fn);
  return maxConcurrency !== undefined && reserved !== undefined && maxConcurrency > reserved
    ? {
        code: 'QUEUE_CONCURRENCY',
        message: `maxConcurrency is ${maxConcurrency}, and the function has ${reserved} reserved: messages beyond are throttled until they end in the dead-letter queue`,
        hint: `maxConcurrency: ${reserved}, or more reservedConcurrentExecutions`,
      }
    : undefined;
}

/** Checks the properties of a queue that is defined in the same app; those of an imported queue are unknown. */
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
      message: `${fifo === undefined ? 'maxReceiveCount' : 'fifo'} is for a new queue, but "queue" is an existing one`,
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
