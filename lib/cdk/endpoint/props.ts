import type { Duration } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { BudgetOptions } from '../budget.ts';

/** An image in ECR, in the endpoint's region, by its digest or by the layout folder that has it. */
export type EndpointImage = {
  /** The ECR repository. */
  readonly repository: ecr.IRepository;
} & (
  | {
      /** `sha256:…`, as `coldpress image --push` prints it. */
      readonly digest: string;
    }
  | {
      /** The folder that `coldpress image --out` wrote. Its digest is that of the pushed image. */
      readonly layout: string;
    }
);

export interface ServerlessOptions {
  /**
   * Memory in MB: 1024, 2048, 3072, 4096, 5120 or 6144.
   * @default the smallest in which the model runs
   */
  readonly memorySize?: number;
  /**
   * Concurrent requests, 1 to 200.
   * @default 20
   */
  readonly maxConcurrency?: number;
  /**
   * Concurrent requests that are kept warm. They are billed while they are idle.
   * @default none
   */
  readonly provisionedConcurrency?: number;
}

export interface InstanceOptions {
  /** The instance type, such as `ml.m7g.large`. Graviton instances need an artifact for arm64. */
  readonly type: string;
  /**
   * Number of instances; with `scaling`, the number at first.
   * @default 1
   */
  readonly count?: number;
  /**
   * Adds and removes instances by load.
   * @default the number of instances is fixed
   */
  readonly scaling?: ScalingOptions;
}

export interface ScalingOptions {
  /**
   * Fewest instances.
   * @default `count`
   */
  readonly minCapacity?: number;
  /** Most instances. */
  readonly maxCapacity: number;
  /** Target of requests per minute and instance. First measure what one instance can handle. */
  readonly invocationsPerInstance: number;
}

export interface DataCaptureOptions {
  /** The bucket that stores captured requests and answers. */
  readonly bucket: s3.IBucket;
  /**
   * Start of the keys.
   * @default 'data-capture/'
   */
  readonly prefix?: string;
  /**
   * Percentage of requests that is captured.
   * @default 100
   */
  readonly samplingPercentage?: number;
}

export interface EndpointAlarmOptions {
  /**
   * Answers with status 5xx in one minute that raise the alarm.
   * @default 1
   */
  readonly maxErrors?: number;
  /**
   * 99th percentile of the model's latency that raises the alarm.
   * @default 5 seconds
   */
  readonly maxLatency?: Duration;
}

/** Properties of an `OnnxEndpoint`. */
export interface OnnxEndpointProps {
  /** The folder that `coldpress pack --target container` wrote, from which the image was built. */
  readonly artifact: string;
  /** The image to run. */
  readonly image: EndpointImage;
  /**
   * A serverless endpoint, billed by request. Not together with `instances`.
   * @default `{}` unless there are `instances`
   */
  readonly serverless?: ServerlessOptions;
  /**
   * A real-time endpoint on dedicated instances.
   * @default none: the endpoint is serverless
   */
  readonly instances?: InstanceOptions;
  /**
   * Name of the endpoint: at most 63 letters, digits and hyphens.
   * @default derived from the construct's path
   */
  readonly endpointName?: string;
  /**
   * Environment variables of the server; see docs/containers.md.
   * @default none
   */
  readonly environment?: Record<string, string>;
  /**
   * Stores requests and answers in a bucket. Only with `instances`.
   * @default nothing is stored
   */
  readonly dataCapture?: DataCaptureOptions;
  /**
   * KMS key of the instance volumes and of captured data.
   * @default keys managed by AWS
   */
  readonly encryptionKey?: IKey;
  /**
   * The VPC that the model's containers are connected to. Only with `instances`.
   * @default none
   */
  readonly vpc?: ec2.IVpc;
  /**
   * Subnets of the VPC.
   * @default private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;
  /**
   * Security groups of the containers.
   * @default one without outbound traffic
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
  /**
   * Watches the costs of this model. With `action: 'stop'` the endpoint is deleted at 100 %.
   * @default no budget
   */
  readonly budget?: BudgetOptions;
  /**
   * The role of the model's container.
   * @default one that may pull the image and write the endpoint's logs and metrics
   */
  readonly role?: iam.IRole;
  /**
   * Thresholds of the alarms.
   * @default those of `EndpointAlarmOptions`
   */
  readonly alarms?: EndpointAlarmOptions;
  /**
   * Actions of the alarms.
   * @default none: alarms appear in CloudWatch and in `alarms`
   */
  readonly alarmActions?: IAlarmAction[];
}
