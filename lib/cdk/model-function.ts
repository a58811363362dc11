import type { Duration } from 'aws-cdk-lib';
import type { Alarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Manifest } from '../contract/manifest.ts';

/**
 * The interface of a model's function for the constructs around it. `OnnxFunction` implements it; this file does not
 * depend on it.
 */
export interface ModelFunction extends lambda.Function {
  /** The model's name in requests of the Open Inference Protocol. */
  readonly modelName: string;
  /** The artifact's manifest; `undefined` if the stack is not packed. */
  readonly manifest: Manifest | undefined;
  /** The folder that `coldpress pack` wrote; `undefined` in the same case. */
  readonly artifactDir: string | undefined;
  readonly alias: lambda.Alias | undefined;
  readonly timeoutDuration: Duration;
  readonly alarmActions: readonly IAlarmAction[];
  readonly alarms: Alarm[];
}
