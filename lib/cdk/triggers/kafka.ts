import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { errorAt, type Problem } from '../error-at.ts';
import type { OnnxFunction } from '../function.ts';
import type { EventFilter } from './event-filter.ts';
import { newFailureQueue } from './failure-queue.ts';
import { grantCluster, grantNetwork } from './kafka-grants.ts';

export interface KafkaTriggerProps {
  readonly topic: string;
  /**
   * An MSK cluster.
   * @default none; then `bootstrapServers` is required
   */
  readonly clusterArn?: string;
  /**
   * Brokers of a cluster of your own, `host:port` each.
   * @default none; then `clusterArn` is required
   */
  readonly bootstrapServers?: string[];
  /**
   * User and password for SASL/SCRAM-512.
   * @default none: MSK uses IAM
   */
  readonly secret?: ISecret;
  /**
   * Other credentials, and the subnets and security groups of a cluster of your own.
   * @default none
   */
  readonly sourceAccess?: lambda.SourceAccessConfiguration[];
  /**
   * @default one that Lambda makes up
   */
  readonly consumerGroupId?: string;
  /**
   * Pollers that are kept and paid for, with which Lambda limits retries and takes partial batch responses.
   * @default pollers on demand: a batch that fails is retried until its records expire
   */
  readonly provisionedPollers?: lambda.ProvisionedPollerConfig;
  /**
   * Records of one invocation, which are scored as one tensor.
   * @default 100
   */
  readonly batchSize?: number;
  /**
   * How long to wait for a batch to fill.
   * @default Lambda's, 500 ms
   */
  readonly maxBatchingWindow?: Duration;
  /**
   * @default StartingPosition.LATEST
   */
  readonly startingPosition?: lambda.StartingPosition;
  /**
   * Which records, each a `lambda.FilterCriteria.filter({ … })`; Lambda passes over the others.
   * @default all
   */
  readonly filters?: EventFilter[];
}

/** Records of a Kafka topic, of MSK or of a cluster of your own. */
export class KafkaTrigger extends Construct {
  readonly failureQueue: sqs.IQueue;

  /** @throws ColdpressError KAFKA_CLUSTER, KAFKA_PARTIAL */
  constructor(fn: OnnxFunction, id: string, props: KafkaTriggerProps) {
    super(fn, id);
    const problem = problemOf(fn, props);
    if (problem !== undefined) {
      throw errorAt(fn, id, problem);
    }
    const { clusterArn, bootstrapServers, provisionedPollers: pollers, secret, sourceAccess = [] } = props;
    this.failureQueue = newFailureQueue(this, fn);
    if (clusterArn !== undefined) {
      grantCluster(fn, clusterArn, { topic: props.topic, usesIam: secret === undefined });
    }
    if (clusterArn !== undefined || sourceAccess.some(({ type }) => isNetwork(type))) {
      grantNetwork(fn);
    }
    secret?.grantRead(fn);
    const scram = { type: lambda.SourceAccessConfigurationType.SASL_SCRAM_512_AUTH, uri: secret?.secretArn };
    const access = [
      ...(scram.uri === undefined ? [] : [scram as lambda.SourceAccessConfiguration]),
      ...sourceAccess,
    ];
    new lambda.EventSourceMapping(this, 'Mapping', {
      target: fn.invocable,
      ...(clusterArn && { eventSourceArn: clusterArn }),
      ...(bootstrapServers && { kafkaBootstrapServers: bootstrapServers }),
      kafkaTopic: props.topic,
      ...(props.consumerGroupId && { kafkaConsumerGroupId: props.consumerGroupId }),
      ...(access.length > 0 && { sourceAccessConfigurations: access }),
      batchSize: props.batchSize ?? 100,
      ...(props.maxBatchingWindow && { maxBatchingWindow: props.maxBatchingWindow }),
      startingPosition: props.startingPosition ?? lambda.StartingPosition.LATEST,
      ...(props.filters && { filters: props.filters }),
      onFailure: new SqsDlq(this.failureQueue),
      ...(pollers && { provisionedPollerConfig: pollers, ...patience, ...partial(fn) }),
    });
  }
}

/** As streams have it; see `stream-options.ts`. */
const patience = { bisectBatchOnError: true, retryAttempts: 5, maxRecordAge: Duration.days(1) };

/** The answer and the mapping have to agree: whichever is alone loses the records that failed. */
function partial({ manifest }: OnnxFunction): { reportBatchItemFailures?: true } {
  return manifest?.events.kafka.reportBatchItemFailures ? { reportBatchItemFailures: true } : {};
}

function isNetwork({ type }: lambda.SourceAccessConfigurationType): boolean {
  return type === lambda.SourceAccessConfigurationType.VPC_SUBNET.type;
}

function problemOf(
  { manifest }: OnnxFunction,
  { clusterArn, bootstrapServers, provisionedPollers }: KafkaTriggerProps,
): Problem | undefined {
  if ((clusterArn === undefined) === (bootstrapServers === undefined)) {
    return {
      code: 'KAFKA_CLUSTER',
      message: `${clusterArn === undefined ? 'neither' : 'both'} clusterArn and bootstrapServers are given`,
      hint: 'clusterArn for MSK, bootstrapServers for a cluster of your own',
    };
  }
  if (manifest?.events.kafka.reportBatchItemFailures && provisionedPollers === undefined) {
    return {
      code: 'KAFKA_PARTIAL',
      message: 'the config answers with the records that failed, which pollers on demand do not understand',
      hint: 'provisionedPollers: {}, or no events.kafka.reportBatchItemFailures in the config',
    };
  }
  return undefined;
}
