import * as events from 'aws-cdk-lib/aws-events';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { defaultObjects } from '../../contract/defaults.ts';
import { acknowledge } from '../acknowledge.ts';
import { errorAt } from '../error-at.ts';
import type { OnnxFunction } from '../function.ts';
import { grantObjects } from '../sinks/grants.ts';
import { wireSetting } from '../sinks/settings.ts';
import { keepAsyncFailures } from './async-failures.ts';
import { newFailureQueue } from './failure-queue.ts';
import { ruleTarget } from './rule-target.ts';

export interface BucketTriggerProps {
  /**
   * Of this app, or one that has its EventBridge notifications on.
   * @default a new one: encrypted, private, TLS only
   */
  readonly bucket?: s3.IBucket;
  /**
   * What the keys begin with.
   * @default all but those of results
   */
  readonly prefix?: string;
  /**
   * What the keys end with.
   * @default anything
   */
  readonly suffix?: string;
  /**
   * Takes the results, where the config's `events.objects.bucket` names one.
   * @default the objects' own bucket
   */
  readonly resultsBucket?: s3.IBucket;
}

/**
 * Objects that are created in a bucket, scored row by row into other objects. They come by way of EventBridge, not as
 * notifications of S3: those take a function of CDK's that may rewrite every bucket of the account, and lose what
 * cannot be delivered.
 */
export class BucketTrigger extends Construct {
  readonly bucket: s3.IBucket;
  readonly rule: events.Rule;
  /** Takes what EventBridge could not deliver. What the function fails is in `failureQueue`. */
  readonly deadLetterQueue: sqs.IQueue;
  /** The function's one queue for events that it failed; `undefined` if its props say where they go. */
  readonly failureQueue: sqs.IQueue | undefined;

  /** @throws ColdpressError OBJECTS_REFUSED, OBJECTS_OWN_RESULTS, OBJECTS_BUCKET */
  constructor(fn: OnnxFunction, id: string, props: BucketTriggerProps = {}) {
    super(fn, id);
    const { prefix, suffix, resultsBucket } = props;
    const objects = checkObjects(fn, id, props);
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
  // A stack that is not packed has no manifest, and is not deployed: anything does.
  const objects =
    fn.manifest === undefined ? { store: 's3' as const, ...defaultObjects } : fn.manifest.events.objects;
  if (objects?.store !== 's3') {
    throw errorAt(fn, id, {
      code: 'OBJECTS_REFUSED',
      message: 'the config lets no event bring objects of S3',
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
          ? 'the config writes results to another bucket, and nothing lets the function write there'
          : 'resultsBucket is given, and the config writes results to the bucket of the objects',
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
  // Results would start the function again, to be passed over there.
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
    'access logs need a bucket of the account; give the trigger yours for them',
  );
  return bucket;
}

/** As a property of the bucket; `enableEventBridgeNotification` would deploy CDK's function for it. */
function turnOnEvents(bucket: s3.IBucket): void {
  const resource = bucket.node.defaultChild;
  if (resource instanceof s3.CfnBucket) {
    resource.addPropertyOverride(
      'NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled',
      true,
    );
  }
}
