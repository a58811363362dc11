import * as logs from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { errorAt } from '../error-at.ts';
import type { OnnxFunction } from '../function.ts';
import { keepAsyncFailures } from './async-failures.ts';

export interface LogsTriggerProps {
  /** Each message is a record in JSON. */
  readonly logGroup: logs.ILogGroup;
  /**
   * Which log events.
   * @default all
   */
  readonly filterPattern?: logs.IFilterPattern;
}

/** Log events of a log group, by a subscription of CloudWatch Logs. */
export class LogsTrigger extends Construct {
  /** The function's one queue for events that it failed; `undefined` if its props say where they go. */
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
        message: 'the log group is the function’s own, and each invocation would bring the next',
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
