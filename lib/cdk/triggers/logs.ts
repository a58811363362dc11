import * as logs from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { errorAt } from '../error-at.ts';
import type { OnnxFunction } from '../function.ts';
import { keepAsyncFailures } from './async-failures.ts';
import { Trigger } from './trigger.ts';

export interface LogsTriggerProps {
  /** The log group. Each message is a record in JSON. */
  readonly logGroup: logs.ILogGroup;
  /**
   * Log events to score.
   * @default all
   */
  readonly filterPattern?: logs.IFilterPattern;
}

/** Scores log events of a log group, by a CloudWatch Logs subscription. */
export class LogsTrigger extends Trigger {
  /** The queue of events that the function failed; `undefined` if its properties say where they go. */
  readonly failureQueue: sqs.IQueue | undefined;

  /** @throws ColdpressError LOGS_OF_ITSELF */
  constructor(
    fn: OnnxFunction,
    id: string,
    { logGroup, filterPattern = logs.FilterPattern.allEvents() }: LogsTriggerProps,
  ) {
    super(fn, id);
    if (logGroup === fn.logGroup) {
      throw errorAt(fn, id, {
        code: 'LOGS_OF_ITSELF',
        message: 'the log group is the function’s own, and each invocation would trigger the next',
        hint: 'subscribe it to the log group of what it is to score',
      });
    }
    new logs.SubscriptionFilter(this, 'Subscription', {
      logGroup,
      filterPattern,
      destination: new LambdaDestination(fn.invocable),
    });
    this.failureQueue = keepAsyncFailures(fn);
  }
}
