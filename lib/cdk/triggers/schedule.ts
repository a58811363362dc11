import * as events from 'aws-cdk-lib/aws-events';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { OnnxFunction } from '../function.ts';
import { keepAsyncFailures } from './async-failures.ts';
import { newFailureQueue } from './failure-queue.ts';
import { ruleTarget } from './rule-target.ts';

export interface ScheduleTriggerProps {
  /** `events.Schedule.rate(Duration.hours(1))`, or `.cron({ … })`. */
  readonly schedule: events.Schedule;
  /**
   * A record or an array of records to score each time; the result goes to the function's `onSuccess`.
   * @default none: the event only keeps an instance warm
   */
  readonly input?: unknown;
}

/** The clock. */
export class ScheduleTrigger extends Construct {
  readonly rule: events.Rule;
  /** Takes what EventBridge could not deliver. What the function fails is in `failureQueue`. */
  readonly deadLetterQueue: sqs.IQueue;
  /** The function's one queue for events that it failed; `undefined` if its props say where they go. */
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
