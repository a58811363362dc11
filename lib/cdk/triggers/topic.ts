import * as sns from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { errorAt } from '../error-at.ts';
import type { OnnxFunction } from '../function.ts';
import { keepAsyncFailures } from './async-failures.ts';
import { newFailureQueue } from './failure-queue.ts';

export interface TopicTriggerProps {
  /**
   * @default a new one
   */
  readonly topic?: sns.ITopic;
  /**
   * Which messages, by their attributes.
   * @default all
   */
  readonly filterPolicy?: Record<string, sns.SubscriptionFilter>;
}

/** Messages of an SNS topic. */
export class TopicTrigger extends Construct {
  readonly topic: sns.ITopic;
  /** Takes what SNS could not deliver. What the function fails is in `failureQueue`. */
  readonly deadLetterQueue: sqs.IQueue;
  /** The function's one queue for events that it failed; `undefined` if its props say where they go. */
  readonly failureQueue: sqs.IQueue | undefined;

  /** @throws ColdpressError TOPIC_FIFO */
  constructor(fn: OnnxFunction, id: string, { topic, filterPolicy }: TopicTriggerProps = {}) {
    super(fn, id);
    if (topic?.fifo === true) {
      throw errorAt(fn, id, {
        code: 'TOPIC_FIFO',
        message: 'a FIFO topic does not deliver to functions',
        hint: 'subscribe a FIFO queue to it, and give that to a QueueTrigger',
      });
    }
    this.topic = topic ?? new sns.Topic(this, 'Topic', { enforceSSL: true });
    this.deadLetterQueue = newFailureQueue(this, fn, { writer: 'sns.amazonaws.com' });
    this.failureQueue = keepAsyncFailures(fn);
    const subscription = this.topic.addSubscription(
      new LambdaSubscription(fn.invocable, {
        deadLetterQueue: this.deadLetterQueue,
        ...(filterPolicy && { filterPolicy }),
      }),
    );
    acknowledge(subscription, 'CloudFormation-Validate::W3694', 'the ARN of an alias is an endpoint, too');
  }
}
