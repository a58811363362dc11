import { Duration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { errorAt, type Problem } from '../error-at.ts';
import type { OnnxFunction } from '../function.ts';
import type { EventFilter } from './event-filter.ts';
import { newFailureQueue } from './failure-queue.ts';
import { grantCluster, grantNetwork } from './kafka-grants.ts';
import { Trigger } from './trigger.ts';

export interface KafkaTriggerProps {
  /** Name of the topic. */
  readonly topic: string;
  /**
   * ARN of an MSK cluster.
   * @default none; then `bootstrapServers` is required
   */
  readonly clusterArn?: string;
  /**
   * Brokers of a self-managed cluster, each as `host:port`.
   * @default none; then `clusterArn` is required
   */
  readonly bootstrapServers?: string[];
  /**
   * User and password for SASL/SCRAM-512.
   * @default none: MSK uses IAM
   */
  readonly secret?: ISecret;
  /**
   * Other credentials, and the subnets and security groups of a self-managed cluster.
   * @default none
   */
  readonly sourceAccess?: lambda.SourceAccessConfiguration[];
  /**
   * The consumer group.
   * @default chosen by Lambda
   */
  readonly consumerGroupId?: string;
  /**
   * Dedicated pollers, which are billed by the hour. Only with them does Lambda limit retries and accept partial
   * batch responses.
   * @default on-demand pollers: a failed batch is retried until its records expire
   */
  readonly provisionedPollers?: lambda.ProvisionedPollerConfig;
  /**
   * Records of one invocation. They are scored together.
   * @default 100
   */
  readonly batchSize?: number;
  /**
   * Longest time to wait for a batch to fill.
   * @default Lambda's, 500 ms
   */
  readonly maxBatchingWindow?: Duration;
  /**
   * Where to start reading the topic.
   * @default StartingPosition.LATEST
   */
  readonly startingPosition?: lambda.StartingPosition;
  /**
   * Records to score, each pattern made by `lambda.FilterCriteria.filter({ … })`. Lambda skips all other records.
   * @default all
   */
  readonly filters?: EventFilter[];
}

/** Scores records of a Kafka topic, on MSK or a self-managed cluster. */
export class KafkaTrigger extends Trigger {
  /** Batches that failed for good. */
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

/** The same values as for streams; see `stream-options.ts`. */
const patience = { bisectBatchOnError: true, retryAttempts: 5, maxRecordAge: Duration.days(1) };

/** The function's answer and the event source mapping have to agree: either one alone loses the failed records. */
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
      message: `${clusterArn === undefined ? 'neither clusterArn nor' : 'both clusterArn and'} bootstrapServers are set`,
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
