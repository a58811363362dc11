import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';

/** Options for shifting traffic to a new version of a model. */
export interface RolloutOptions {
  /**
   * The steps of the rollout: one of CodeDeploy's configs, or your own.
   * @default CANARY_10PERCENT_5MINUTES
   */
  readonly config?: codedeploy.ILambdaDeploymentConfig;
  /**
   * Failed invocations per minute that cause a rollback.
   * @default 1
   */
  readonly maxErrors?: number;
  /**
   * 99th percentile of the latency that causes a rollback if it is exceeded in two minutes of three.
   * @default half of the function's timeout
   */
  readonly maxLatency?: Duration;
  /**
   * Additional alarms that cause a rollback.
   * @default none
   */
  readonly alarms?: cloudwatch.IAlarm[];
  /**
   * Whether the new version must answer its golden vector correctly before it receives traffic.
   * @default true
   */
  readonly preTraffic?: boolean;
}

export function rolloutConfig({ config }: RolloutOptions): codedeploy.ILambdaDeploymentConfig {
  return config ?? codedeploy.LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES;
}

/** Whether the alias points to two versions for a while. */
export function isGradual(options: RolloutOptions): boolean {
  const { deploymentConfigName } = rolloutConfig(options);
  return deploymentConfigName !== codedeploy.LambdaDeploymentConfig.ALL_AT_ONCE.deploymentConfigName;
}
