import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { acknowledge } from '../acknowledge.ts';
import type { OnnxFunction } from '../function.ts';
import { grantQueue } from '../sinks/grants.ts';
import { newFailureQueue } from './failure-queue.ts';

const queueId = 'AsyncFailures';

/**
 * Keeps events that the function failed after Lambda's retries. Lambda would discard them, and a trigger's own queue
 * receives only events that were not delivered. This is an on-failure destination instead of a dead-letter queue,
 * because its messages include the error and an alias can have one.
 * @returns the function's single queue for them; `undefined` if its properties say where they go
 */
export function keepAsyncFailures(fn: OnnxFunction): sqs.IQueue | undefined {
  const found = fn.node.tryFindChild(queueId) as sqs.Queue | undefined;
  if (found !== undefined || fn.hasOwnFailures) {
    return found;
  }
  const queue = newFailureQueue(fn, fn, { id: queueId });
  grantQueue(queue, fn);
  acknowledge(fn, 'Serverless-LambdaDLQ', 'an on-failure destination keeps the event, and its error besides');
  const target = fn.alias ?? fn;
  const configured = target.node.tryFindChild('EventInvokeConfig') as lambda.EventInvokeConfig | undefined;
  if (configured === undefined) {
    target.configureAsyncInvoke({ onFailure: { bind: () => ({ destination: queue.queueArn }) } });
  } else {
    const resource = configured.node.defaultChild as lambda.CfnEventInvokeConfig;
    resource.addPropertyOverride('DestinationConfig.OnFailure.Destination', queue.queueArn);
  }
  return queue;
}
