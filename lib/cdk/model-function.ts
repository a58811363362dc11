import type { Duration } from 'aws-cdk-lib';
import type { Alarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Manifest } from '../contract/manifest.ts';

/** A model's function, as what is made around it sees it. `OnnxFunction` is one; this file knows nothing of how. */
export interface ModelFunction extends lambda.Function {
  /** The model's name in requests of the Open Inference Protocol. */
  readonly modelName: string;
  /** The artifact's manifest; `undefined` when the stack is not to be packed. */
  readonly manifest: Manifest | undefined;
  /** The folder that `coldpress pack` wrote, likewise. */
  readonly artifactDir: string | undefined;
  readonly alias: lambda.Alias | undefined;
  readonly timeoutDuration: Duration;
  readonly alarmActions: readonly IAlarmAction[];
  readonly alarms: Alarm[];
}
