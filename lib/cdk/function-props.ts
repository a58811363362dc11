import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type * as ecr from 'aws-cdk-lib/aws-ecr';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Config } from '../pack/config.ts';
import type { BudgetOptions } from './budget.ts';
import type { RolloutOptions } from './rollout.ts';
import type { SecretResource } from './sinks/secrets.ts';
import type { SinkResource } from './sinks/sinks.ts';

/**
 * Properties of an `OnnxFunction`. Paths are relative to the working directory of the CDK command line, which is the
 * folder of `cdk.json`.
 *
 * Every property of `lambda.FunctionOptions` is accepted too, with these defaults: architecture arm64, memory by the
 * size of the model, timeout 30 seconds, a log group with a retention of one month, logs in JSON, no tracing, and a
 * role that may only write to its log group.
 */
export interface OnnxFunctionProps extends lambda.FunctionOptions {
  /**
   * The model file: ONNX, or what LightGBM or XGBoost saved. It is packed during synthesis.
   * @default the model that `config` names
   */
  readonly model?: string;
  /**
   * The module whose default export is `defineScore(…)`.
   * @default the config's; without one, a record has a field for each input
   */
  readonly score?: string;
  /**
   * Real inputs that the packed model must answer; see docs/samples.md.
   * @default the config's
   */
  readonly samples?: string;
  /**
   * Path of a `coldpress.config.ts`, or the object that such a file exports.
   * @default none; no file is searched for
   */
  readonly config?: string | Config;
  /**
   * A folder that `coldpress pack` wrote. Replaces `model`, `score`, `samples` and `config`.
   * @default the model is packed
   */
  readonly artifact?: string;
  /**
   * What computes the model: `onnxruntime`, `compiled` to plain JavaScript, or `auto`, which compiles the model where
   * it can.
   * @default the config's, or `auto`
   */
  readonly engine?: NonNullable<Config['engine']>;
  /**
   * What Lambda receives: `zip` archives, or an `image` for models of up to 10 GB. `coldpress image --push` pushes
   * the image before synthesis.
   * @default the artifact's or the config's, or `zip`
   */
  readonly packaging?: NonNullable<Config['package']>;
  /**
   * The ECR repository of the image, for an artifact packed with `--package image`.
   * @default the repository that `coldpress image --push` pushed to
   */
  readonly imageRepository?: ecr.IRepository;
  /**
   * The Node version, as a Lambda runtime.
   * @default the config's, or `nodejs24.x`
   */
  readonly runtime?: lambda.Runtime;
  /**
   * Resources that the config's sinks write to. Each is granted the one action that it needs, and its name is passed
   * to the function.
   * @default none; an error if the config has a sink that needs a resource
   */
  readonly sinks?: { readonly results?: SinkResource; readonly failures?: SinkResource };
  /**
   * Secrets that the config refers to. The key is the environment variable that the config names for the ARN or name,
   * or the name itself.
   * @default none; an error if the config refers to a secret
   */
  readonly secrets?: Record<string, SecretResource>;
  /**
   * KMS key that encrypts the failure queues of triggers.
   * @default encryption managed by SQS
   */
  readonly failureKey?: IKey;
  /**
   * Actions of all alarms of the function: failure queues that hold messages, streams that fall behind.
   * @default none: alarms appear in CloudWatch and in `alarms`
   */
  readonly alarmActions?: IAlarmAction[];
  /**
   * Name of an alias that points to the current version. Triggers invoke the alias.
   * @default `live` if `rollout`, `provisionedConcurrency` or `snapStart` needs one, otherwise none
   */
  readonly alias?: string;
  /**
   * Keeps earlier versions, so that `coldpress rollback NAME --aws` can restore one in seconds. Lambda does not bill
   * for them, but they count towards the account's 75 GB of code. `coldpress rollback NAME --aws --prune COUNT`
   * deletes all but COUNT.
   * @default true
   */
  readonly keepVersions?: boolean;
  /**
   * Shifts traffic to a new version step by step, and rolls back on an alarm. `{}` selects the defaults.
   * @default the new version receives all traffic at once
   */
  readonly rollout?: RolloutOptions;
  /**
   * Number of instances that are kept warm. They are billed while they are idle.
   * @default none
   */
  readonly provisionedConcurrency?: number;
  /**
   * Watches the costs of this model. With `action: 'stop'` the function is stopped at 100 %.
   * @default no budget
   */
  readonly budget?: BudgetOptions;
}
