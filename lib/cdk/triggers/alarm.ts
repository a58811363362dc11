import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { ModelFunction } from '../model-function.ts';

/** Adds an alarm that is raised when the metric reaches the threshold, with the function's `alarmActions`. */
export function addAlarm(
  fn: ModelFunction,
  scope: Construct,
  id: string,
  options: Pick<
    cloudwatch.AlarmProps,
    'metric' | 'threshold' | 'alarmDescription' | 'comparisonOperator' | 'treatMissingData'
  >,
): void {
  const alarm = new cloudwatch.Alarm(scope, id, {
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    // A queue without messages, or a stream without records, has no data.
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    ...options,
  });
  alarm.addAlarmAction(...fn.alarmActions);
  fn.alarms.push(alarm);
}
