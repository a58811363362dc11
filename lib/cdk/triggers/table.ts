import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from '../acknowledge.ts';
import { errorAt } from '../error-at.ts';
import type { OnnxFunction } from '../function.ts';
import { newFailureQueue } from './failure-queue.ts';
import { type StreamTriggerProps, streamOptions } from './stream-options.ts';

export interface TableTriggerProps extends StreamTriggerProps {
  /** With a stream of new images. */
  readonly table: dynamodb.ITable;
}

/** Items that are written to a DynamoDB table, by its stream. */
export class TableTrigger extends Construct {
  readonly failureQueue: sqs.IQueue;

  /** @throws ColdpressError TABLE_WITHOUT_STREAM */
  constructor(fn: OnnxFunction, id: string, { table, ...options }: TableTriggerProps) {
    super(fn, id);
    if (table.tableStreamArn === undefined) {
      throw errorAt(fn, id, {
        code: 'TABLE_WITHOUT_STREAM',
        message: 'the table has no stream',
        hint: 'stream: dynamodb.StreamViewType.NEW_IMAGE, where the table is made',
      });
    }
    this.failureQueue = newFailureQueue(this);
    acknowledgeWildcard(fn.role ?? fn, '*', 'dynamodb:ListStreams takes no resource');
    fn.addEventSource(new DynamoEventSource(table, streamOptions(options, this.failureQueue)));
  }
}
