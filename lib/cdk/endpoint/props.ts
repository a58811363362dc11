import type { Duration } from 'aws-cdk-lib';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';

/** An image that was pushed to ECR, in the region of the endpoint, by its digest or by the layout that has it. */
export type EndpointImage = {
  readonly repository: ecr.IRepository;
} & (
  | {
      /** `sha256:…`, as `coldpress image --push` prints it. */
      readonly digest: string;
    }
  | {
      /** The folder that `coldpress image --out` wrote: its digest is that of the pushed image. */
      readonly layout: string;
    }
);

export interface ServerlessOptions {
  /**
   * MB: 1024, 2048, 3072, 4096, 5120 or 6144.
   * @default the least in which the model runs
   */
  readonly memorySize?: number;
  /**
   * Requests at once, 1 to 200.
   * @default 20
   */
  readonly maxConcurrency?: number;
  /**
   * Requests at once that are kept warm, and paid for.
   * @default none
   */
  readonly provisionedConcurrency?: number;
}

export interface InstanceOptions {
  /** `ml.m7g.large`; one of Graviton needs an artifact for arm64. */
  readonly type: string;
  /**
   * Instances; of an endpoint that scales, the first.
   * @default 1
   */
  readonly count?: number;
  /**
   * Adds and removes instances by their load.
   * @default the count stays
   */
  readonly scaling?: ScalingOptions;
}

export interface ScalingOptions {
  /**
   * @default the instances' count
   */
  readonly minCapacity?: number;
  readonly maxCapacity: number;
  /** Requests a minute of one instance that are aimed at. Measure what one instance bears first. */
  readonly invocationsPerInstance: number;
}

export interface DataCaptureOptions {
  readonly bucket: s3.IBucket;
  /**
   * What the keys begin with.
   * @default 'data-capture/'
   */
  readonly prefix?: string;
  /**
   * Of the requests that are kept.
   * @default 100
   */
  readonly samplingPercentage?: number;
}

export interface EndpointAlarmOptions {
  /**
   * Answers of 5xx in a minute.
   * @default 1
   */
  readonly maxErrors?: number;
  /**
   * p99 of the model's time.
   * @default 5 seconds
   */
  readonly maxLatency?: Duration;
}

/** What a packed container becomes a SageMaker endpoint by. */
export interface OnnxEndpointProps {
  /** A folder that `coldpress pack --target container` wrote: what the image was built from. */
  readonly artifact: string;
  readonly image: EndpointImage;
  /**
   * An endpoint that is paid by the request; not together with `instances`.
   * @default `{}` unless there are `instances`
   */
  readonly serverless?: ServerlessOptions;
  /**
   * An endpoint in real time, on instances of its own.
   * @default none: it is serverless
   */
  readonly instances?: InstanceOptions;
  /**
   * Letters, digits and hyphens, 63 at most.
   * @default made of the construct's path
   */
  readonly endpointName?: string;
  /**
   * Variables of the server, as docs/containers.md has them.
   * @default none
   */
  readonly environment?: Record<string, string>;
  /**
   * Keeps requests and answers in a bucket; only with `instances`.
   * @default none is kept
   */
  readonly dataCapture?: DataCaptureOptions;
  /**
   * Encrypts the volumes of instances and what is captured.
   * @default keys of AWS's own
   */
  readonly encryptionKey?: IKey;
  /**
   * The role of the model's container.
   * @default one that may pull the image and write the endpoint's logs and metrics
   */
  readonly role?: iam.IRole;
  readonly alarms?: EndpointAlarmOptions;
  /**
   * What the alarms do.
   * @default nothing: they are only seen in CloudWatch, and in `alarms`
   */
  readonly alarmActions?: IAlarmAction[];
}
