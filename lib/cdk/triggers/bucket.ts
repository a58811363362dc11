import * as events from 'aws-cdk-lib/aws-events';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { defaultObjects } from '../../contract/defaults.ts';
import { acknowledge } from '../acknowledge.ts';
import { errorAt } from '../error-at.ts';
import type { OnnxFunction } from '../function.ts';
import { grantObjects } from '../sinks/grants.ts';
import { wireSetting } from '../sinks/settings.ts';
import { keepAsyncFailures } from './async-failures.ts';
import { newFailureQueue } from './failure-queue.ts';
import { checkBucket } from './own-sink.ts';
import { ruleTarget } from './rule-target.ts';
import { Trigger } from './trigger.ts';

export interface BucketTriggerProps {
  /**
   * A bucket of this app, or an existing one with EventBridge notifications enabled.
   * @default a new one: encrypted, private, TLS only
   */
  readonly bucket?: s3.IBucket;
  /**
   * Start of the keys of objects to score.
   * @default all keys except those of results
   */
  readonly prefix?: string;
  /**
   * End of the keys of objects to score.
   * @default any
   */
  readonly suffix?: string;
  /**
   * The bucket of the results, if the config's `events.objects.bucket` names one.
   * @default the bucket of the objects
   */
  readonly resultsBucket?: s3.IBucket;
}

/**
 * Scores objects that are created in a bucket, row by row, and writes the results to other objects. Events arrive
 * through EventBridge. S3 notifications would need a CDK custom resource that rewrites all notifications of the bucket,
 * and they are lost if delivery fails.
 */
export class BucketTrigger extends Trigger {
  /** The bucket whose objects are scored. */
  readonly bucket: s3.IBucket;
  /** The EventBridge rule. */
  readonly rule: events.Rule;
  /** Events that EventBridge could not deliver. Events that the function failed are in `failureQueue`. */
  readonly deadLetterQueue: sqs.IQueue;
  /** The queue of events that the function failed; `undefined` if its properties say where they go. */
  readonly failureQueue: sqs.IQueue | undefined;

  /** @throws ColdpressError OBJECTS_REFUSED, OBJECTS_OWN_RESULTS, OBJECTS_BUCKET, TRIGGER_LOOP */
  constructor(fn: OnnxFunction, id: string, props: BucketTriggerProps = {}) {
    super(fn, id);
    const { prefix, suffix, resultsBucket } = props;
    const objects = checkObjects(fn, id, props);
    if (props.bucket !== undefined) {
      checkBucket(fn, id, { bucket: props.bucket, prefix, suffix, excluded: objects.prefix });
    }
    this.bucket = props.bucket ?? (newBucket(this) as s3.IBucket);
    turnOnEvents(this.bucket);
    this.deadLetterQueue = newFailureQueue(this, fn, { writer: 'events.amazonaws.com' });
    this.failureQueue = keepAsyncFailures(fn);
    this.rule = new events.Rule(this, 'Rule', {
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [this.bucket.bucketName] },
          object: { key: keyPattern({ prefix, suffix, results: objects.prefix }) },
        },
      },
    });
    this.rule.addTarget(ruleTarget(fn, { deadLetterQueue: this.deadLetterQueue }));
    if (objects.bucket !== null && resultsBucket !== undefined) {
      wireSetting(fn, objects.bucket, resultsBucket.bucketName);
    }
    grantObjects(fn, {
      read: { bucket: this.bucket, prefix: prefix ?? '' },
      write: { bucket: resultsBucket ?? this.bucket, prefix: objects.prefix },
    });
  }
}

function checkObjects(fn: OnnxFunction, id: string, { prefix, resultsBucket }: BucketTriggerProps) {
  // A stack that is not packed has no manifest and is not deployed, so any value will do.
  const objects =
    fn.manifest === undefined ? { store: 's3' as const, ...defaultObjects } : fn.manifest.events.objects;
  if (objects?.store !== 's3') {
    throw errorAt(fn, id, {
      code: 'OBJECTS_REFUSED',
      message: 'the config does not allow objects of S3',
      hint: "events: { objects: { store: 's3' } } in the config",
    });
  }
  const results = objects.prefix;
  if (prefix?.startsWith(results)) {
    throw errorAt(fn, id, {
      code: 'OBJECTS_OWN_RESULTS',
      message: `prefix "${prefix}" is inside "${results}", where results are written; results are never scored`,
      hint: 'choose another prefix, here or as events.objects.prefix in the config',
    });
  }
  if ((objects.bucket !== null) !== (resultsBucket !== undefined) && fn.manifest !== undefined) {
    throw errorAt(fn, id, {
      code: 'OBJECTS_BUCKET',
      message:
        resultsBucket === undefined
          ? 'the config writes results to another bucket, but the function has no permission to write there'
          : 'resultsBucket is set, but the config writes results to the bucket of the objects',
      hint: "resultsBucket here and events: { objects: { bucket: { env: 'RESULTS_BUCKET' } } } in the config go together",
    });
  }
  return { prefix: results, bucket: objects.bucket };
}

function keyPattern({
  prefix,
  suffix,
  results,
}: {
  prefix: string | undefined;
  suffix: string | undefined;
  results: string;
}) {
  if (prefix !== undefined && suffix !== undefined) {
    return [{ wildcard: `${escapeWildcards(prefix)}*${escapeWildcards(suffix)}` }];
  }
  if (prefix !== undefined) {
    return [{ prefix }];
  }
  // Otherwise results would invoke the function, only to be skipped there.
  return suffix !== undefined ? [{ suffix }] : [{ 'anything-but': { prefix: results } }];
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching */
function escapeWildcards(text: string): string {
  return text.replaceAll(/[*\\]/g, '\\$&');
}

function newBucket(scope: Construct): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'Bucket', {
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
  });
  acknowledge(
    bucket,
    'AwsSolutions-S1',
    'access logs need a bucket in the account; pass your bucket to the trigger to have them',
  );
  return bucket;
}

/** Sets the property of the bucket itself; `enableEventBridgeNotification` would deploy a custom resource function. */
function turnOnEvents(bucket: s3.IBucket): void {
  const resource = bucket.node.defaultChild;
  if (resource instanceof s3.CfnBucket) {
    resource.addPropertyOverride(
      'NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled',
      true,
    );
  }
}
