import * as events from 'aws-cdk-lib/aws-events';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { OnnxFunction } from '../function.ts';
import { keepAsyncFailures } from './async-failures.ts';
import { newFailureQueue } from './failure-queue.ts';
import { ruleTarget } from './rule-target.ts';

export interface EventRuleTriggerProps {
  /** Which events; `detail` of each is a record. */
  readonly eventPattern: events.EventPattern;
  /**
   * @default the account's default bus
   */
  readonly eventBus?: events.IEventBus;
}

/** Events of an EventBridge bus. */
export class EventRuleTrigger extends Construct {
  readonly rule: events.Rule;
  /** Takes what EventBridge could not deliver. What the function fails is in `failureQueue`. */
  readonly deadLetterQueue: sqs.IQueue;
  /** The function's one queue for events that it failed; `undefined` if its props say where they go. */
  readonly failureQueue: sqs.IQueue | undefined;

  constructor(fn: OnnxFunction, id: string, { eventPattern, eventBus }: EventRuleTriggerProps) {
    super(fn, id);
    this.deadLetterQueue = newFailureQueue(this, fn, { writer: 'events.amazonaws.com' });
    this.failureQueue = keepAsyncFailures(fn);
    this.rule = new events.Rule(this, 'Rule', { eventPattern, ...(eventBus && { eventBus }) });
    this.rule.addTarget(ruleTarget(fn, { deadLetterQueue: this.deadLetterQueue }));
  }
}
