import { Token } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { acknowledgeWildcard } from '../acknowledge.ts';
import { errorAt } from '../error-at.ts';
import type { OnnxFunction } from '../function.ts';
import { newFailureQueue } from './failure-queue.ts';
import { checkSource } from './own-sink.ts';
import { alarmOnAge, checkStream, type StreamTriggerProps, streamOptions } from './stream-options.ts';
import { Trigger } from './trigger.ts';

export interface TableTriggerProps extends StreamTriggerProps {
  /** A table whose stream has new images. */
  readonly table: dynamodb.ITable;
}

/** Scores items that are written to a DynamoDB table, from its stream. */
export class TableTrigger extends Trigger {
  /** Batches that failed for good. */
  readonly failureQueue: sqs.IQueue;

  /** @throws ColdpressError TABLE_WITHOUT_STREAM, OPTION_OUT_OF_RANGE, TRIGGER_LOOP */
  constructor(fn: OnnxFunction, id: string, { table, ...options }: TableTriggerProps) {
    super(fn, id);
    checkStream(fn, id, options);
    if (options.filters === undefined) {
      checkSource(fn, id, table);
    }
    if (table.tableStreamArn === undefined) {
      throw errorAt(fn, id, {
        code: 'TABLE_WITHOUT_STREAM',
        message: 'the table has no stream',
        hint: 'stream: dynamodb.StreamViewType.NEW_IMAGE, where the table is made',
      });
    }
    const view = streamView(table);
    if (view !== undefined && !/^NEW_/.test(view)) {
      throw errorAt(fn, id, {
        code: 'TABLE_WITHOUT_STREAM',
        message: `the table's stream is ${view}, which holds no items as they are written`,
        hint: 'stream: dynamodb.StreamViewType.NEW_IMAGE, where the table is made',
      });
    }
    this.failureQueue = newFailureQueue(this, fn);
    acknowledgeWildcard(fn.role ?? fn, '*', 'dynamodb:ListStreams takes no resource');
    fn.addEventSource(new DynamoEventSource(table, streamOptions(options, this.failureQueue)));
    alarmOnAge(fn, this, options);
  }
}

/** The view type of the stream of a table in the same app; unknown for an imported table. */
function streamView(table: dynamodb.ITable): string | undefined {
  const resource = table.node.defaultChild;
  const { streamSpecification } = (resource ?? {}) as dynamodb.CfnTable | dynamodb.CfnGlobalTable;
  return streamSpecification === undefined || Token.isUnresolved(streamSpecification)
    ? undefined
    : (streamSpecification as dynamodb.CfnTable.StreamSpecificationProperty).streamViewType;
}
