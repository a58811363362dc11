import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { acknowledge } from './acknowledge.ts';
import type { ModelFunction } from './model-function.ts';
import { PreTrafficHook } from './pre-traffic-hook.ts';
import { type RolloutOptions, rolloutConfig } from './rollout-config.ts';

export type { RolloutOptions } from './rollout-config.ts';

const minute = Duration.minutes(1);

/**
 * Lets CodeDeploy move the alias to a new version: first the hook checks the golden vector, then traffic shifts in the
 * steps of the config, and an alarm rolls it back.
 */
export function addRollout(fn: ModelFunction, alias: lambda.Alias, options: RolloutOptions): void {
  const alarms = [errorsAlarm(fn, alias, options), latencyAlarm(fn, alias, options)];
  for (const alarm of alarms) {
    alarm.addAlarmAction(...fn.alarmActions);
    fn.alarms.push(alarm);
  }
  const group = new codedeploy.LambdaDeploymentGroup(fn, 'Rollout', {
    alias,
    application: application(Stack.of(fn)),
    deploymentConfig: rolloutConfig(options),
    alarms: [...alarms, ...(options.alarms ?? [])],
    autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
  });
  acknowledge(
    group.role,
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
    "what AWS gives CodeDeploy for functions: it moves aliases and reads the alarms, which CodeDeploy's name begins",
  );
  if (options.preTraffic ?? true) {
    PreTrafficHook.of(fn).guard(group, fn);
  }
}

/** One application for all models of a stack. */
function application(stack: Stack): codedeploy.LambdaApplication {
  const id = 'ColdpressRollouts';
  const found = stack.node.tryFindChild(id) as codedeploy.LambdaApplication | undefined;
  return found ?? new codedeploy.LambdaApplication(stack, id);
}

/**
 * Watches the alias as a whole: a metric of the new version alone would change its dimensions, and so the template,
 * with every model.
 */
function errorsAlarm(
  fn: ModelFunction,
  alias: lambda.Alias,
  { maxErrors = 1 }: RolloutOptions,
): cloudwatch.Alarm {
  return alias.metricErrors({ period: minute, statistic: 'Sum' }).createAlarm(fn, 'ErrorsAlarm', {
    alarmDescription: `${fn.modelName}: invocations fail; a deployment under way is rolled back`,
    threshold: maxErrors,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    // No requests mean no failure; the hook covers rollouts with too few requests to judge by.
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}

function latencyAlarm(
  fn: ModelFunction,
  alias: lambda.Alias,
  { maxLatency }: RolloutOptions,
): cloudwatch.Alarm {
  return alias.metricDuration({ period: minute, statistic: 'p99' }).createAlarm(fn, 'LatencyAlarm', {
    alarmDescription: `${fn.modelName}: p99 of latency is too high; a deployment under way is rolled back`,
    threshold: (maxLatency ?? fn.timeoutDuration).toMilliseconds() / (maxLatency === undefined ? 2 : 1),
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
}
