import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { defaultSettings } from '../contract/defaults.ts';
import { FUNCTION_FOLDER } from '../contract/files.ts';
import { MANIFEST_FILE } from '../contract/manifest.ts';
import { PROFILE_FILE } from '../contract/profile.ts';
import { errorAt } from './error-at.ts';
import { newLogGroup, newRole } from './execution-role.ts';
import type { ModelFunction } from './model-function.ts';
import { nodejs24 } from './nodejs24.ts';
import { ownHandler } from './own-handler.ts';
import { topStack } from './top-stack.ts';
import { addAlarm } from './triggers/alarm.ts';

export interface DriftAlarmOptions {
  /**
   * How often the log is read. The alarm lasts for a day after a run that found drift.
   * @default once a day
   */
  readonly schedule?: events.Schedule;
  /**
   * How much of the log each run reads, up to its start.
   * @default 7 days
   */
  readonly window?: Duration;
  /**
   * The chance of any false alarm in `looks` runs: more than 0, at most 0.5.
   * @default 0.05
   */
  readonly alpha?: number;
  /**
   * Number of runs that `alpha` covers.
   * @default 365, a year of daily runs
   */
  readonly looks?: number;
}

/**
 * A small function that judges drift on a schedule and writes one metric, and an alarm on it. A metric filter cannot
 * replace it, because drift does not show in a single log line, only in all of them together.
 */
export class DriftAlarm extends Construct {
  readonly function: lambda.Function;
  /** The largest calibrated drift of all columns, `drift`: the negative decimal logarithm of its corrected p-value. */
  readonly metric: cloudwatch.Metric;

  /** @throws ColdpressError PROFILE_MISSING, OPTION_OUT_OF_RANGE */
  constructor(fn: ModelFunction, id: string, options: DriftAlarmOptions) {
    super(fn, id);
    const { schedule, window = Duration.days(7), alpha = 0.05, looks = 365 } = options;
    check(fn, { alpha, looks, window });
    const { telemetry } = fn.manifest ?? defaultSettings;
    const { namespace } = telemetry || defaultSettings.telemetry;
    const logGroup = newLogGroup(this, 'Logs');
    this.function = new lambda.Function(this, 'Function', {
      code: codeFor(fn),
      handler: 'index.handler',
      runtime: nodejs24,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 1024,
      // Reading a log of a million lines takes minutes.
      timeout: Duration.minutes(15),
      loggingFormat: lambda.LoggingFormat.JSON,
      description: `judges whether inputs and outputs of ${fn.modelName} drifted; created by coldpress`,
      environment: {
        LOG_GROUP: fn.logGroup.logGroupArn,
        MODEL_FUNCTION: fn.functionName,
        NAMESPACE: namespace,
        WINDOW_HOURS: String(window.toHours({ integral: false })),
        ALPHA: String(alpha),
        LOOKS: String(looks),
      },
      logGroup,
      role: newRole(this, 'Role', { logGroup }),
    });
    this.function.addToRolePolicy(
      new iam.PolicyStatement({ actions: ['logs:FilterLogEvents'], resources: [fn.logGroup.logGroupArn] }),
    );
    new events.Rule(this, 'Rule', {
      schedule: schedule ?? events.Schedule.rate(Duration.days(1)),
      // No retries, because the next run reads everything that a failed run would have.
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 0 })],
    });
    this.metric = new cloudwatch.Metric({
      ...{ namespace, metricName: 'drift', statistic: 'Maximum', period: Duration.days(1) },
      dimensionsMap: { function: fn.functionName },
    });
    const { modelName } = fn;
    addAlarm(fn, this, 'Alarm', {
      metric: this.metric,
      threshold: -Math.log10(alpha),
      // Between two runs there is no data.
      treatMissingData: cloudwatch.TreatMissingData.IGNORE,
      alarmDescription: `${modelName}: inputs or outputs drifted; the log of ${id} names the columns, and coldpress drift has all figures`,
    });
    addAlarm(fn, this, 'FailedAlarm', {
      metric: this.function.metricErrors({ period: Duration.days(1) }),
      threshold: 1,
      alarmDescription: `${modelName}: drift cannot be judged; see the log of ${id}`,
    });
  }
}

function codeFor({ artifactDir, node }: ModelFunction): lambda.Code {
  if (artifactDir === undefined || !topStack(node.scope!).bundlingRequired) {
    return lambda.Code.fromInline('//');
  }
  return ownHandler(
    'drift/aws',
    [PROFILE_FILE, MANIFEST_FILE].map(name => join(artifactDir, FUNCTION_FOLDER, name)),
  );
}

function check(
  fn: ModelFunction,
  { alpha, looks, window }: { alpha: number; looks: number; window: Duration },
): void {
  if (fn.manifest !== undefined && fn.manifest.profile === undefined) {
    throw errorAt(fn, '', {
      code: 'PROFILE_MISSING',
      message: 'the function counts nothing for drift, because it was packed without a profile',
      hint: 'run `coldpress profile DATA`, and set "profile" in the config; telemetry.drift must not be false',
    });
  }
  const wrong = [
    ...(alpha > 0 && alpha <= 0.5 ? [] : [`alpha is ${alpha}; more than 0, at most 0.5`]),
    ...(Number.isInteger(looks) && looks > 0 ? [] : [`looks is ${looks}; a whole number from 1`]),
    ...(window.toMinutes() > 0 ? [] : ['window is 0; at least an hour']),
  ];
  if (wrong.length > 0) {
    throw errorAt(fn, '', { code: 'OPTION_OUT_OF_RANGE', message: wrong.join(', ') });
  }
}
