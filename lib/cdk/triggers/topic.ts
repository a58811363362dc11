import * as sns from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { acknowledge } from '../acknowledge.ts';
import { errorAt } from '../error-at.ts';
import type { OnnxFunction } from '../function.ts';
import { keepAsyncFailures } from './async-failures.ts';
import { newFailureQueue } from './failure-queue.ts';
import { checkSource } from './own-sink.ts';
import { Trigger } from './trigger.ts';

export interface TopicTriggerProps {
  /**
   * The topic to subscribe to.
   * @default a new one
   */
  readonly topic?: sns.ITopic;
  /**
   * Messages to score, by their attributes.
   * @default all
   */
  readonly filterPolicy?: Record<string, sns.SubscriptionFilter>;
}

/** Scores messages of an SNS topic. */
export class TopicTrigger extends Trigger {
  /** The topic to publish to. */
  readonly topic: sns.ITopic;
  /** Messages that SNS could not deliver. Messages that the function failed are in `failureQueue`. */
  readonly deadLetterQueue: sqs.IQueue;
  /** The queue of events that the function failed; `undefined` if its properties say where they go. */
  readonly failureQueue: sqs.IQueue | undefined;

  /** @throws ColdpressError TOPIC_FIFO, TOPIC_TWICE, TRIGGER_LOOP */
  constructor(fn: OnnxFunction, id: string, { topic, filterPolicy }: TopicTriggerProps = {}) {
    super(fn, id);
    if (topic?.fifo === true) {
      throw errorAt(fn, id, {
        code: 'TOPIC_FIFO',
        message: 'a FIFO topic does not deliver to functions',
        hint: 'subscribe a FIFO queue to it, and pass the queue to a QueueTrigger',
      });
    }
    const others = fn.node.children.filter(child => child instanceof TopicTrigger && child !== this);
    if (topic !== undefined && others.some(other => (other as TopicTrigger).topic === topic)) {
      throw errorAt(fn, id, {
        code: 'TOPIC_TWICE',
        message: 'another trigger of the function subscribes to this topic',
        hint: 'SNS keeps one subscription of a function to a topic: put both filters into one filterPolicy',
      });
    }
    if (topic !== undefined && filterPolicy === undefined) {
      checkSource(fn, id, topic);
    }
    this.topic = topic ?? new sns.Topic(this, 'Topic', { enforceSSL: true });
    this.deadLetterQueue = newFailureQueue(this, fn, { writer: 'sns.amazonaws.com' });
    this.failureQueue = keepAsyncFailures(fn);
    const subscription = this.topic.addSubscription(this.subscribe(fn, filterPolicy));
    acknowledge(subscription, 'CloudFormation-Validate::W3694', 'the ARN of an alias is an endpoint, too');
  }

  /**
   * Subscribes the function. CDK names the subscription, in the function's scope, after its topic, and every topic that
   * a trigger creates is called `Topic`. The first one keeps that name, because renaming a subscription makes the stack
   * update delete it.
   */
  private subscribe(
    fn: OnnxFunction,
    filterPolicy: TopicTriggerProps['filterPolicy'],
  ): sns.ITopicSubscription {
    const { invocable } = fn;
    const subscription = new LambdaSubscription(invocable, {
      deadLetterQueue: this.deadLetterQueue,
      ...(filterPolicy && { filterPolicy }),
    });
    return {
      bind: topic => {
        const isTaken = invocable.node.tryFindChild(topic.node.id) !== undefined;
        const config = subscription.bind(topic);
        return isTaken ? { ...config, subscriberScope: this, subscriberId: 'Subscription' } : config;
      },
    };
  }
}
