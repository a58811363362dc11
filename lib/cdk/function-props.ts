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
 * What a model becomes a function by. Paths are relative to the working directory, as the CDK command line sets it:
 * the folder of `cdk.json`. All of lambda.FunctionOptions is taken, too, with these defaults of its own:
 * architecture arm64, memory by the size of the model, timeout 30 seconds, a log group that keeps a month, logs as
 * JSON, no tracing, a role that may write to its log group and do nothing else.
 */
export interface OnnxFunctionProps extends lambda.FunctionOptions {
  /**
   * The ONNX model; it is packed when the app is synthesised.
   * @default the one that `config` names
   */
  readonly model?: string;
  /**
   * The module whose default export is `defineScore(…)`.
   * @default the config's; without one, records straight from the signature
   */
  readonly score?: string;
  /**
   * Real inputs that prove the pressed model.
   * @default the config's
   */
  readonly samples?: string;
  /**
   * A `coldpress.config.ts`, or what one would export.
   * @default none; no file is looked for
   */
  readonly config?: string | Config;
  /**
   * A folder that `coldpress pack` wrote, in place of all the above.
   * @default the model is packed
   */
  readonly artifact?: string;
  /**
   * What computes the model: `onnxruntime`, `compiled` to plain JavaScript, or `auto`, which compiles what it can.
   * @default the config's, which is auto unless it says otherwise
   */
  readonly engine?: NonNullable<Config['engine']>;
  /**
   * How Lambda gets the function: as `zip` archives, or as an `image` for models of up to 10 GB, which `coldpress image --push`
   * pushes before the app is synthesised.
   * @default the artifact's, or the config's, which is zip unless it says otherwise
   */
  readonly packaging?: NonNullable<Config['package']>;
  /**
   * The repository of the image, for an artifact that was packed with `--package image`.
   * @default the one that `coldpress image --push` pushed to
   */
  readonly imageRepository?: ecr.IRepository;
  /**
   * @default the config's, which is nodejs24.x unless it says otherwise
   */
  readonly runtime?: lambda.Runtime;
  /**
   * Resources that the config's sinks write to: each gets its one grant, and its name goes where the config looks.
   * @default none; refused when the config has a sink that needs one
   */
  readonly sinks?: { readonly results?: SinkResource; readonly failures?: SinkResource };
  /**
   * Secrets that the config refers to, by the name of the environment variable that it takes their ARN or name from,
   * or by the name itself.
   * @default none; refused when the config refers to one
   */
  readonly secrets?: Record<string, SecretResource>;
  /**
   * Encrypts the queues that triggers make for failures.
   * @default keys of SQS's own
   */
  readonly failureKey?: IKey;
  /**
   * What alarms of triggers do: of queues for failures that hold messages, of streams that fall behind.
   * @default nothing: they are only seen in CloudWatch, and in `alarms`
   */
  readonly alarmActions?: IAlarmAction[];
  /**
   * Name of an alias that follows the current version; triggers invoke the alias.
   * @default `live` when `rollout`, `provisionedConcurrency` or `snapStart` need one, else none
   */
  readonly alias?: string;
  /**
   * Whether the versions that the alias no longer points to stay, so that `coldpress rollback NAME --aws` can point it
   * back in seconds. Lambda bills nothing for them; they count towards the account's 75 GB of code. How many stay, `coldpress rollback NAME
   * --aws --prune COUNT` says after a deployment: CloudFormation knows one version at a time.
   * @default true
   */
  readonly keepVersions?: boolean;
  /**
   * New versions take over step by step, and go back when an alarm rings: `{}` for the defaults.
   * @default a deployment puts the new version in place at once
   */
  readonly rollout?: RolloutOptions;
  /**
   * Instances that are kept warm, and paid for.
   * @default none
   */
  readonly provisionedConcurrency?: number;
  /**
   * Watches what this model costs.
   * @default no budget
   */
  readonly budget?: BudgetOptions;
}
