import { Annotations, Duration, Tags } from 'aws-cdk-lib';
import type { Alarm, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import type { Manifest } from '../contract/manifest.ts';
import { resolveArtifact } from './artifact.ts';
import { limitCost, MODEL_TAG } from './budget.ts';
import { checkRegion } from './check-region.ts';
import { checkProps } from './check-types.ts';
import { DriftAlarm, type DriftAlarmOptions } from './drift-alarm.ts';
import { errorAt } from './error-at.ts';
import { hasAlias, toFunctionProps } from './function-defaults.ts';
import type { OnnxFunctionProps } from './function-props.ts';
import type { ModelFunction } from './model-function.ts';
import { refuseDeployment } from './placeholder.ts';
import { addRollout } from './rollout.ts';
import { connectSecrets } from './sinks/secrets.ts';
import { connectSinks, type SinkResource } from './sinks/sinks.ts';
import { stopFunction } from './stop-function.ts';

/** A Lambda function that answers requests with a model. It supports everything that `lambda.Function` does. */
export class OnnxFunction extends lambda.Function implements ModelFunction {
  /** The model's name in requests of the Open Inference Protocol. */
  readonly modelName: string;
  /** The artifact's manifest; `undefined` if the stack is not part of this deployment, and so is not packed. */
  readonly manifest: Manifest | undefined;
  /** The folder that `coldpress pack` wrote; `undefined` in the same case. */
  readonly artifactDir: string | undefined;
  /** The alias that triggers invoke; `undefined` if there is none. */
  readonly alias: lambda.Alias | undefined;
  /** What triggers invoke: the alias if there is one, otherwise the function. */
  readonly invocable: lambda.IFunction;
  /** The timeout of an invocation. */
  readonly timeoutDuration: Duration;
  /** KMS key of failure queues; `undefined` if SQS manages the encryption. */
  readonly failureKey: IKey | undefined;
  /** Actions of all its alarms. */
  readonly alarmActions: readonly IAlarmAction[];
  /** Alarms of its triggers, rollout and drift. Each has the actions of `alarmActions`. */
  readonly alarms: Alarm[] = [];
  /** The resources of its sinks. */
  readonly sinks: { readonly results?: SinkResource; readonly failures?: SinkResource };
  /** Whether its properties say where failed asynchronous invocations go. */
  readonly hasOwnFailures: boolean;

  /** @throws ColdpressError with the construct's path, for all errors of packing and for what cannot be deployed */
  constructor(scope: Construct, id: string, props: OnnxFunctionProps) {
    checkProps(scope, id, props);
    const artifact = resolveArtifact(scope, id, props);
    const functionProps = toFunctionProps(scope, id, { props, artifact });
    super(scope, id, functionProps);
    checkRegion(this);
    if (artifact === undefined) {
      refuseDeployment(this);
    }
    if (artifact?.report !== undefined) {
      const lines = Object.entries(artifact.report).map(([name, text]) => `${name}: ${text}`);
      // The CDK prints it at each synthesis and deployment; the template stays the same.
      Annotations.of(this).addInfo(lines.join('\n'));
    }
    this.manifest = artifact?.manifest;
    this.artifactDir = artifact?.dir;
    this.modelName = this.manifest?.name ?? id;
    this.timeoutDuration = functionProps.timeout ?? Duration.seconds(3);
    this.failureKey = props.failureKey;
    this.alarmActions = props.alarmActions ?? [];
    const { onFailure: ownDestination, deadLetterQueue, deadLetterTopic, deadLetterQueueEnabled } = props;
    this.hasOwnFailures =
      [ownDestination, deadLetterQueue, deadLetterTopic].some(own => own !== undefined) ||
      deadLetterQueueEnabled === true;
    this.alias = this.makeAlias(props);
    // CDK's interfaces are not compatible with exactOptionalPropertyTypes.
    this.invocable = (this.alias ?? this) as lambda.IFunction;
    // Includes the log group and role that were created outside this construct, because they have to exist first.
    for (const part of [this, ...ownParts(functionProps, props)]) {
      Tags.of(part).add(MODEL_TAG, this.modelName);
    }
    this.sinks = props.sinks ?? {};
    connectSinks(this, this.sinks);
    connectSecrets(this, props.secrets ?? {});
    if (this.alias !== undefined) {
      const { onSuccess, onFailure, maxEventAge, retryAttempts } = props;
      if ([onSuccess, onFailure, maxEventAge, retryAttempts].some(option => option !== undefined)) {
        this.alias.configureAsyncInvoke({
          ...(onSuccess && { onSuccess }),
          ...(onFailure && { onFailure }),
          ...(maxEventAge && { maxEventAge }),
          ...(retryAttempts !== undefined && { retryAttempts }),
        });
      }
      if (props.rollout !== undefined) {
        addRollout(this, this.alias, props.rollout);
      }
    }
    for (const source of props.events ?? []) {
      this.addEventSource(source);
    }
    if (props.budget !== undefined) {
      const isProvisioned = props.provisionedConcurrency !== undefined;
      limitCost(this, props.budget, () => stopFunction(this, { isProvisioned }));
    }
  }

  /** The invoke mode that a Function URL needs. */
  get urlOptions(): Pick<lambda.FunctionUrlOptions, 'invokeMode'> {
    return this.manifest?.http.streaming === true ? { invokeMode: lambda.InvokeMode.RESPONSE_STREAM } : {};
  }

  /** Adds the event source to the alias if there is one, otherwise to the function. */
  override addEventSource(source: lambda.IEventSource): void {
    source.bind(this.invocable);
  }

  /**
   * Adds a Function URL to the alias if there is one, otherwise to the function. It streams if the config's
   * `http.streaming` is on.
   */
  override addFunctionUrl(given?: lambda.FunctionUrlOptions): lambda.FunctionUrl {
    const options = { ...given, ...this.urlOptions };
    return this.alias === undefined ? super.addFunctionUrl(options) : this.alias.addFunctionUrl(options);
  }

  /**
   * Checks once a day whether inputs and outputs drifted from the profile that the model was packed with, and raises an
   * alarm with the actions of `alarmActions`.
   * @throws ColdpressError PROFILE_MISSING, OPTION_OUT_OF_RANGE; OPTION_CONFLICT if it was called before, or if
   *   schedule, window and retention of the log do not fit each other
   */
  alarmOnDrift(options: DriftAlarmOptions = {}): DriftAlarm {
    if (this.node.tryFindChild('DriftAlarm') !== undefined) {
      throw errorAt(this, '', {
        code: 'OPTION_CONFLICT',
        message: 'alarmOnDrift was already called for this function',
        hint: 'call it once; it returns the function and the metric',
      });
    }
    return new DriftAlarm(this, 'DriftAlarm', options);
  }

  private makeAlias(props: OnnxFunctionProps): lambda.Alias | undefined {
    const { alias, provisionedConcurrency } = props;
    if (!hasAlias(props)) {
      return undefined;
    }
    return this.addAlias(alias ?? 'live', {
      ...(provisionedConcurrency !== undefined && {
        provisionedConcurrentExecutions: provisionedConcurrency,
      }),
    });
  }
}

/** The constructs that were created for this function alone, but outside its scope. */
function ownParts(made: lambda.FunctionProps, given: OnnxFunctionProps): IConstruct[] {
  return [
    ...(given.logGroup === undefined ? [made.logGroup as IConstruct] : []),
    ...(given.role === undefined ? [made.role as IConstruct] : []),
  ];
}
