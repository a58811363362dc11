import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';

/** How a new version of a model takes over. */
export interface RolloutOptions {
  /**
   * A step, or many; a construct's own, or one of CodeDeploy's.
   * @default CANARY_10PERCENT_5MINUTES
   */
  readonly config?: codedeploy.ILambdaDeploymentConfig;
  /**
   * Failed invocations in a minute that roll back.
   * @default 1
   */
  readonly maxErrors?: number;
  /**
   * The slowest hundredth of a minute's invocations being slower than this, two minutes of three, rolls back.
   * @default half of the function's timeout
   */
  readonly maxLatency?: Duration;
  /**
   * More alarms that roll back.
   * @default none
   */
  readonly alarms?: cloudwatch.IAlarm[];
  /**
   * Whether the new version must answer its golden vector before it gets any traffic.
   * @default true
   */
  readonly preTraffic?: boolean;
}

export function rolloutConfig({ config }: RolloutOptions): codedeploy.ILambdaDeploymentConfig {
  return config ?? codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES;
}

/** Whether the alias has two versions for a while. */
export function isGradual(options: RolloutOptions): boolean {
  const { deploymentConfigName } = rolloutConfig(options);
  return deploymentConfigName !== codedeploy.LambdaDeploymentConfig.ALL_AT_ONCE.deploymentConfigName;
}
