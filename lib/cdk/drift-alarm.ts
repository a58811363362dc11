import { join } from 'node:path';
import { Duration, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { defaultSettings } from '../contract/defaults.ts';
import { FUNCTION_FOLDER } from '../contract/files.ts';
import { MANIFEST_FILE } from '../contract/manifest.ts';
import { PROFILE_FILE } from '../contract/profile.ts';
import { frequencyOf } from '../targets/schedule.ts';
import { unprofiled } from '../targets/unprofiled.ts';
import { errorAt } from './error-at.ts';
import { newLogGroup, newRole } from './execution-role.ts';
import type { ModelFunction } from './model-function.ts';
import { nodejs24 } from './nodejs24.ts';
import { ownHandler } from './own-handler.ts';
import { topStack } from './top-stack.ts';
import { addAlarm } from './triggers/alarm.ts';

export interface DriftAlarmOptions {
  /**
   * How often the log is read. The alarm lasts until a run finds no drift, and for a day at least.
   * @default once a day
   */
  readonly schedule?: events.Schedule;
  /**
   * How much of the log each run reads, up to its start. At least the time between two runs, so that every row is
   * judged, and at most the retention of the log.
   * @default 7 days, or the longest time between two runs
   */
  readonly window?: Duration;
  /**
   * The chance of any false alarm in `looks` runs: more than 0, at most 0.5.
   * @default 0.05
   */
  readonly alpha?: number;
  /**
   * Number of runs that `alpha` covers.
   * @default the runs of a year: 365 if daily
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

  /** @throws ColdpressError PROFILE_MISSING, OPTION_OUT_OF_RANGE, OPTION_CONFLICT */
  constructor(fn: ModelFunction, id: string, options: DriftAlarmOptions) {
    super(fn, id);
    const { schedule, window, alpha, looks } = resolve(fn, options);
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
      schedule,
      // No retries, because the next run reads everything that a failed run would have.
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 0 })],
    });
    this.metric = new cloudwatch.Metric({
      namespace,
      metricName: 'drift',
      statistic: 'Maximum',
      period,
      dimensionsMap: { function: fn.functionName },
    });
    const { modelName } = fn;
    addAlarm(fn, this, 'Alarm', {
      metric: this.metric,
      threshold: -Math.log10(alpha),
      treatMissingData,
      alarmDescription: `${modelName}: inputs or outputs drifted; the log of ${id} names the columns, and coldpress drift has all figures`,
    });
    addAlarm(fn, this, 'FailedAlarm', {
      metric: this.function.metricErrors({ period }),
      threshold: 1,
      treatMissingData,
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

/** With a single period, it is below the limit of CloudWatch: 7 days in all for periods of an hour or more. */
const period = Duration.days(1);
/** Between two runs there is no data, and the alarm keeps its state. */
const treatMissingData = cloudwatch.TreatMissingData.IGNORE;

const defaultWindowHours = 7 * 24;

function resolve(fn: ModelFunction, options: DriftAlarmOptions): Required<DriftAlarmOptions> {
  if (fn.manifest !== undefined && fn.manifest.profile === undefined) {
    throw errorAt(fn, '', unprofiled);
  }
  const { schedule = events.Schedule.rate(Duration.days(1)) } = options;
  const { runsPerYear = 365, longestGapHours = 0 } = frequencyOf(schedule.expressionString) ?? {};
  const {
    window = Duration.hours(Math.ceil(Math.max(defaultWindowHours, longestGapHours))),
    alpha = 0.05,
    looks = runsPerYear,
  } = options;
  const wrong = [
    ...(alpha > 0 && alpha <= 0.5 ? [] : [`alpha is ${alpha}; more than 0, at most 0.5`]),
    ...(Number.isInteger(looks) && looks > 0 ? [] : [`looks is ${looks}; a whole number from 1`]),
    ...(window.toMinutes() > 0 ? [] : ['window is 0; at least an hour']),
  ];
  if (wrong.length > 0) {
    throw errorAt(fn, '', { code: 'OPTION_OUT_OF_RANGE', message: wrong.join(', ') });
  }
  const windowHours = window.toHours({ integral: false });
  if (windowHours < longestGapHours) {
    throw errorAt(fn, '', {
      code: 'OPTION_CONFLICT',
      message: `a run reads the log of ${format(windowHours)}, and up to ${format(longestGapHours)} pass between two runs: rows in between are not judged`,
      hint: 'set a longer "window", or a "schedule" that runs more often',
    });
  }
  const retentionHours = 24 * (retentionDays(fn) ?? Number.POSITIVE_INFINITY);
  if (windowHours > retentionHours) {
    throw errorAt(fn, '', {
      code: 'OPTION_CONFLICT',
      message: `a run reads the log of ${format(windowHours)}, and the log is kept for ${format(retentionHours)}`,
      hint: 'set a shorter "window", with a "schedule" that runs often enough for it, or a "logGroup" with a longer retention',
    });
  }
  return { schedule, window, alpha, looks };
}

/** `undefined` if the log is kept for ever, or was made elsewhere. */
function retentionDays({ logGroup }: ModelFunction): number | undefined {
  const made = logGroup.node?.defaultChild;
  const days = made instanceof logs.CfnLogGroup ? made.retentionInDays : undefined;
  return days === undefined || Token.isUnresolved(days) ? undefined : days;
}

function format(hours: number): string {
  return hours >= 48 ? `${Number((hours / 24).toFixed(1))} days` : `${Number(hours.toFixed(1))} hours`;
}
