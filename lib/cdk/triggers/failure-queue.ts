import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { OnnxFunction } from '../function.ts';
import { addAlarm } from './alarm.ts';

/** The longest that SQS allows, so that failures survive a holiday. */
const retentionPeriod = Duration.days(14);

export interface FailureQueueOptions {
  /** @default 'Failures' */
  readonly id?: string;
  readonly fifo?: boolean;
  /** A service that writes to the queue itself and therefore needs access to the key. */
  readonly writer?: 'events.amazonaws.com' | 'sns.amazonaws.com';
}

/**
 * Creates a queue for permanent failures: encrypted (with the function's `failureKey`, if set), TLS only, and with an
 * alarm that is raised as soon as it contains a message.
 */
export function newFailureQueue(
  scope: Construct,
  fn: OnnxFunction,
  { id = 'Failures', fifo = false, writer }: FailureQueueOptions = {},
): sqs.Queue {
  const { failureKey } = fn;
  const queue = new sqs.Queue(scope, id, {
    retentionPeriod,
    enforceSSL: true,
    ...(failureKey === undefined
      ? { encryption: sqs.QueueEncryption.SQS_MANAGED }
      : { encryption: sqs.QueueEncryption.KMS, encryptionMasterKey: failureKey }),
    ...(fifo && { fifo: true }),
  });
  if (writer !== undefined) {
    failureKey?.grant(new iam.ServicePrincipal(writer), 'kms:GenerateDataKey', 'kms:Decrypt');
  }
  for (const rule of ['AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy']) {
    acknowledge(queue, rule, 'it is itself where failures end');
  }
  addAlarm(fn, scope, `${id}Alarm`, {
    metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
    threshold: 1,
    alarmDescription: `${fn.modelName}: the queue for failures of ${scope.node.id} holds messages`,
  });
  return queue;
}
