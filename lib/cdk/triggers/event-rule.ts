import * as events from 'aws-cdk-lib/aws-events';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { OnnxFunction } from '../function.ts';
import { keepAsyncFailures } from './async-failures.ts';
import { newFailureQueue } from './failure-queue.ts';
import { checkBus } from './own-sink.ts';
import { ruleTarget } from './rule-target.ts';
import { Trigger } from './trigger.ts';

export interface EventRuleTriggerProps {
  /** Events to score. The `detail` of each is a record. */
  readonly eventPattern: events.EventPattern;
  /**
   * The event bus.
   * @default the account's default bus
   */
  readonly eventBus?: events.IEventBus;
}

/** Scores events of an EventBridge bus. */
export class EventRuleTrigger extends Trigger {
  /** The EventBridge rule. */
  readonly rule: events.Rule;
  /** Events that EventBridge could not deliver. Events that the function failed are in `failureQueue`. */
  readonly deadLetterQueue: sqs.IQueue;
  /** The queue of events that the function failed; `undefined` if its properties say where they go. */
  readonly failureQueue: sqs.IQueue | undefined;

  /** @throws ColdpressError TRIGGER_LOOP */
  constructor(fn: OnnxFunction, id: string, { eventPattern, eventBus }: EventRuleTriggerProps) {
    super(fn, id);
    checkBus(fn, id, { bus: eventBus, pattern: eventPattern });
    this.deadLetterQueue = newFailureQueue(this, fn, { writer: 'events.amazonaws.com' });
    this.failureQueue = keepAsyncFailures(fn);
    this.rule = new events.Rule(this, 'Rule', { eventPattern, ...(eventBus && { eventBus }) });
    this.rule.addTarget(ruleTarget(fn, { deadLetterQueue: this.deadLetterQueue }));
  }
}
