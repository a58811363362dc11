import type * as kinesis from 'aws-cdk-lib/aws-kinesis';
import { KinesisEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { OnnxFunction } from '../function.ts';
import { newFailureQueue } from './failure-queue.ts';
import { alarmOnAge, checkStream, type StreamTriggerProps, streamOptions } from './stream-options.ts';
import { Trigger } from './trigger.ts';

export interface KinesisTriggerProps extends StreamTriggerProps {
  /** The stream to read. */
  readonly stream: kinesis.IStream;
}

/** Scores records of a Kinesis data stream. */
export class KinesisTrigger extends Trigger {
  /** Batches that failed for good. */
  readonly failureQueue: sqs.IQueue;

  /** @throws ColdpressError OPTION_OUT_OF_RANGE */
  constructor(fn: OnnxFunction, id: string, { stream, ...options }: KinesisTriggerProps) {
    super(fn, id);
    checkStream(fn, id, options);
    this.failureQueue = newFailureQueue(this, fn);
    fn.addEventSource(new KinesisEventSource(stream, streamOptions(options, this.failureQueue)));
    alarmOnAge(fn, this, options);
  }
}
