import { Duration } from 'aws-cdk-lib';
import type { RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { OnnxFunction } from '../function.ts';

/** How long and how often EventBridge tries to deliver an event. */
const patience = { maxEventAge: Duration.hours(2), retryAttempts: 3 } as const;

/** Makes the function the target of a rule; events that cannot be delivered go to the queue. */
export function ruleTarget(
  fn: OnnxFunction,
  { deadLetterQueue, event }: { deadLetterQueue: sqs.IQueue; event?: RuleTargetInput | undefined },
): LambdaFunction {
  return new LambdaFunction(fn.invocable, { ...patience, deadLetterQueue, ...(event && { event }) });
}
