import * as events from 'aws-cdk-lib/aws-events';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { OnnxFunction } from '../function.ts';
import { keepAsyncFailures } from './async-failures.ts';
import { newFailureQueue } from './failure-queue.ts';
import { ruleTarget } from './rule-target.ts';
import { Trigger } from './trigger.ts';

export interface ScheduleTriggerProps {
  /** For example `events.Schedule.rate(Duration.hours(1))` or `events.Schedule.cron({ … })`. */
  readonly schedule: events.Schedule;
  /**
   * A record, or an array of records, to score each time. The result goes to the function's `onSuccess`.
   * @default none: the event keeps an instance warm
   */
  readonly input?: unknown;
}

/** Invokes the function on a schedule. */
export class ScheduleTrigger extends Trigger {
  /** The EventBridge rule. */
  readonly rule: events.Rule;
  /** Events that EventBridge could not deliver. Events that the function failed are in `failureQueue`. */
  readonly deadLetterQueue: sqs.IQueue;
  /** The queue of events that the function failed; `undefined` if its properties say where they go. */
  readonly failureQueue: sqs.IQueue | undefined;

  constructor(fn: OnnxFunction, id: string, { schedule, input }: ScheduleTriggerProps) {
    super(fn, id);
    this.deadLetterQueue = newFailureQueue(this, fn, { writer: 'events.amazonaws.com' });
    this.failureQueue = keepAsyncFailures(fn);
    this.rule = new events.Rule(this, 'Rule', { schedule });
    const event = input === undefined ? undefined : events.RuleTargetInput.fromObject(input);
    this.rule.addTarget(ruleTarget(fn, { deadLetterQueue: this.deadLetterQueue, event }));
  }
}
