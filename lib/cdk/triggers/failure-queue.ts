import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

/** As long as SQS keeps anything: whoever looks after the failures may be on holiday. */
const retentionPeriod = Duration.days(14);

/** A queue for what failed for good: encrypted, and closed to whoever does not use TLS. */
export function newFailureQueue(scope: Construct, id = 'Failures', { fifo = false } = {}): sqs.Queue {
  const queue = new sqs.Queue(scope, id, {
    retentionPeriod,
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    ...(fifo && { fifo: true }),
  });
  acknowledge(queue, 'AwsSolutions-SQS3', 'it is itself where failures end');
  return queue;
}
