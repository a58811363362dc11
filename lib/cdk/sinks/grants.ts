import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { SinkSettings } from '../../contract/settings.ts';
import { acknowledgeWildcard } from '../acknowledge.ts';
import type { ModelFunction } from '../model-function.ts';

/**
 * Grants only these actions. CDK's own grants include more than a sink calls: s3:DeleteObject*, sqs:GetQueueAttributes,
 * dynamodb:UpdateItem.
 */
function allow(fn: ModelFunction, actions: string[], resource: string): void {
  fn.addToRolePolicy(new iam.PolicyStatement({ actions, resources: [resource] }));
}

/** Grants access to all keys under a prefix, because the names of objects are not known in advance. */
function allowObjects(fn: ModelFunction, actions: string[], { bucket, prefix }: Objects): void {
  const resource = bucket.arnForObjects(`${prefix}*`);
  allow(fn, actions, resource);
  acknowledgeWildcard(
    fn.role ?? fn,
    resource,
    'objects below a prefix: their names are not known beforehand',
  );
}

interface Objects {
  bucket: IBucket;
  prefix: string;
}

/** Writing encrypted data requires a data key; so does reading it when a part is retried. */
function allowKey(fn: ModelFunction, key: IKey | undefined, actions: string[]): void {
  key?.grant(fn, ...actions);
}

export function grantQueue(queue: IQueue, fn: ModelFunction): void {
  allow(fn, ['sqs:SendMessage'], queue.queueArn);
  allowKey(fn, queue.encryptionMasterKey, ['kms:GenerateDataKey', 'kms:Decrypt']);
}

export function grantTopic(topic: ITopic & { masterKey?: IKey }, fn: ModelFunction): void {
  allow(fn, ['sns:Publish'], topic.topicArn);
  allowKey(fn, topic.masterKey, ['kms:GenerateDataKey', 'kms:Decrypt']);
}

export function grantBucket(
  bucket: IBucket,
  fn: ModelFunction,
  { settings }: { settings: SinkSettings & { type: 's3' } },
): void {
  allowObjects(fn, ['s3:PutObject'], { bucket, prefix: settings.prefix });
  allowKey(fn, bucket.encryptionKey, ['kms:GenerateDataKey']);
}

export function grantTable(table: ITable, fn: ModelFunction): void {
  allow(fn, ['dynamodb:BatchWriteItem'], table.tableArn);
  allowKey(fn, table.encryptionKey, ['kms:Decrypt', 'kms:DescribeKey', 'kms:CreateGrant']);
}

export function grantBus(bus: IEventBus, fn: ModelFunction): void {
  allow(fn, ['events:PutEvents'], bus.eventBusArn);
}

/** Lets the function score objects under `read`, and write their results, in parts, under `write`. */
export function grantObjects(fn: ModelFunction, { read, write }: { read: Objects; write: Objects }): void {
  allowObjects(fn, ['s3:GetObject', 's3:GetObjectVersion'], read);
  allowKey(fn, read.bucket.encryptionKey, ['kms:Decrypt']);
  allowObjects(fn, ['s3:PutObject', 's3:AbortMultipartUpload'], write);
  allowKey(fn, write.bucket.encryptionKey, ['kms:GenerateDataKey', 'kms:Decrypt']);
}
