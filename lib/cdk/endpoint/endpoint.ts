import { ArnFormat, Duration, Names, RemovalPolicy, Stack, Tags, Token } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';
import { openArtifact } from '../../artifact.ts';
import type { Manifest } from '../../contract/manifest.ts';
import { awsLambdaDefaults } from '../../targets/aws-lambda/defaults.ts';
import { limitCost, MODEL_TAG } from '../budget.ts';
import { checkRegion } from '../check-region.ts';
import { errorAt } from '../error-at.ts';
import { explainAt } from '../open-packed.ts';
import { refuseDeployment } from '../placeholder.ts';
import { topStack } from '../top-stack.ts';
import { endpointDefaults, findProblem, serverlessMemory } from './checks.ts';
import { digestOf } from './image.ts';
import { connectNetwork, type Network } from './network.ts';
import type { DataCaptureOptions, OnnxEndpointProps, ScalingOptions } from './props.ts';
import { grantCapture, newEndpointRole, scalingRole } from './role.ts';
import { stopEndpoint } from './stop.ts';

/** Each model has a single variant. */
const variantName = 'main';

/** A SageMaker endpoint of a packed model, serverless or on instances. */
export class OnnxEndpoint extends Construct implements ec2.IConnectable {
  readonly modelName: string;
  /** The artifact's manifest; `undefined` if the stack is not deployed. */
  readonly manifest: Manifest | undefined;
  readonly endpointName: string;
  readonly endpointArn: string;
  readonly role: iam.IRole;
  readonly logGroup: logs.LogGroup;
  /** The security groups of the containers; none without a VPC. */
  readonly connections: ec2.Connections;
  /** Alarms on answers with status 5xx and on latency. On instances, an alarm rolls back a new model. */
  readonly alarms: readonly cloudwatch.Alarm[];

  /** @throws ColdpressError with the construct's path, for properties that SageMaker would reject */
  constructor(scope: Construct, id: string, props: OnnxEndpointProps) {
    super(scope, id);
    checkRegion(this);
    this.manifest = this.openManifest(props);
    const problem = findProblem({ props, manifest: this.manifest });
    if (problem !== undefined) {
      throw errorAt(this, '', problem);
    }
    if (this.manifest === undefined) {
      refuseDeployment(this);
    }
    this.modelName = this.manifest?.name ?? id;
    this.endpointName =
      props.endpointName ?? Names.uniqueResourceName(this, { maxLength: 63, separator: '-' });
    this.endpointArn = Stack.of(this).formatArn({
      service: 'sagemaker',
      resource: 'endpoint',
      // IAM compares with the lower-case name, because SageMaker writes names in ARNs in lower case.
      resourceName: Token.isUnresolved(this.endpointName)
        ? this.endpointName
        : this.endpointName.toLowerCase(),
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    // Created here, because SageMaker would create it without a retention period.
    this.logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: `/aws/sagemaker/Endpoints/${this.endpointName}`,
      retention: awsLambdaDefaults.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const inVpc = props.vpc !== undefined;
    this.role = props.role ?? newEndpointRole(this, { image: props.image, logGroup: this.logGroup, inVpc });
    const network = connectNetwork(this, props);
    this.connections = network?.connections ?? new ec2.Connections();
    const model = this.makeModel(props, network);
    const config = this.makeConfig(props, model);
    this.alarms = this.makeAlarms(props);
    const endpoint = this.makeEndpoint(props, config);
    if (props.instances?.scaling !== undefined) {
      this.scale(endpoint, props.instances.scaling, props.instances.count);
    }
    if (props.budget !== undefined) {
      limitCost(this, props.budget, () => stopEndpoint(this));
    }
    // A scaling target costs nothing, and CloudFormation does not support its tags in every region.
    Tags.of(this).add(MODEL_TAG, this.modelName, {
      excludeResourceTypes: ['AWS::ApplicationAutoScaling::ScalableTarget'],
    });
  }

  /** Grants permission to send requests to the endpoint. */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:InvokeEndpoint'],
      resourceArns: [this.endpointArn],
    });
  }

  /** A SageMaker metric of the endpoint, such as `Invocations` or `ModelLatency` (in microseconds). */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/SageMaker',
      metricName,
      dimensionsMap: { EndpointName: this.endpointName, VariantName: variantName },
      period: Duration.minutes(1),
      ...options,
    });
  }

  private openManifest({ artifact }: OnnxEndpointProps): Manifest | undefined {
    return topStack(this).bundlingRequired
      ? explainAt(this, '', () => openArtifact(artifact, { target: 'container' })).manifest
      : undefined;
  }

  private makeModel(
    { image, environment, instances }: OnnxEndpointProps,
    network: Network | undefined,
  ): sagemaker.CfnModel {
    const digest = this.manifest === undefined ? 'none' : explainAt(this, '', () => digestOf(image));
    const model = new sagemaker.CfnModel(this, 'Model', {
      executionRoleArn: this.role.roleArn,
      primaryContainer: {
        image: `${image.repository.repositoryUri}@${digest}`,
        ...(environment !== undefined && { environment }),
      },
      // The server makes no outbound calls. Serverless endpoints do not support network isolation.
      ...(instances !== undefined && { enableNetworkIsolation: true }),
      ...(network !== undefined && { vpcConfig: network.config }),
    });
    // SageMaker pulls the image when it creates the model, which needs the role's policy.
    model.node.addDependency(this.role);
    return model;
  }

  private makeConfig(props: OnnxEndpointProps, model: sagemaker.CfnModel): sagemaker.CfnEndpointConfig {
    const { instances, serverless, dataCapture, encryptionKey } = props;
    const variant = { variantName, modelName: model.attrModelName, initialVariantWeight: 1 };
    return new sagemaker.CfnEndpointConfig(this, 'Config', {
      productionVariants: [
        instances === undefined
          ? {
              ...variant,
              serverlessConfig: {
                memorySizeInMb: serverless?.memorySize ?? serverlessMemory(this.manifest),
                maxConcurrency: serverless?.maxConcurrency ?? endpointDefaults.maxConcurrency,
                ...(serverless?.provisionedConcurrency !== undefined && {
                  provisionedConcurrency: serverless.provisionedConcurrency,
                }),
              },
            }
          : {
              ...variant,
              instanceType: instances.type,
              initialInstanceCount: instances.count ?? endpointDefaults.instances,
            },
      ],
      ...(encryptionKey !== undefined && instances !== undefined && { kmsKeyId: encryptionKey.keyArn }),
      ...(dataCapture !== undefined && { dataCaptureConfig: this.capture(dataCapture, props) }),
    });
  }

  private capture(
    { bucket, prefix = 'data-capture/', samplingPercentage = 100 }: DataCaptureOptions,
    { encryptionKey }: OnnxEndpointProps,
  ): sagemaker.CfnEndpointConfig.DataCaptureConfigProperty {
    grantCapture(this.role, { bucket, prefix });
    encryptionKey?.grant(this.role, 'kms:GenerateDataKey', 'kms:Decrypt');
    return {
      enableCapture: true,
      initialSamplingPercentage: samplingPercentage,
      destinationS3Uri: bucket.s3UrlForObject(prefix.replace(/\/$/, '')),
      captureOptions: [{ captureMode: 'Input' }, { captureMode: 'Output' }],
      captureContentTypeHeader: { csvContentTypes: ['text/csv'], jsonContentTypes: ['application/json'] },
      ...(encryptionKey !== undefined && { kmsKeyId: encryptionKey.keyArn }),
    };
  }

  private makeEndpoint(
    { instances }: OnnxEndpointProps,
    config: sagemaker.CfnEndpointConfig,
  ): sagemaker.CfnEndpoint {
    const endpoint = new sagemaker.CfnEndpoint(this, 'Endpoint', {
      endpointName: this.endpointName,
      endpointConfigName: config.attrEndpointConfigName,
      ...(instances !== undefined && { deploymentConfig: this.rollback() }),
      // A new model keeps the current number of instances.
      ...(instances?.scaling !== undefined && { retainAllVariantProperties: true }),
    });
    endpoint.node.addDependency(this.logGroup, ...this.alarms);
    return endpoint;
  }

  /**
   * Deploys to a second fleet and removes the first. If an alarm is raised within five minutes, the first fleet stays.
   */
  private rollback(): sagemaker.CfnEndpoint.DeploymentConfigProperty {
    return {
      blueGreenUpdatePolicy: {
        trafficRoutingConfiguration: { type: 'ALL_AT_ONCE', waitIntervalInSeconds: 300 },
        terminationWaitInSeconds: 300,
      },
      autoRollbackConfiguration: { alarms: this.alarms.map(({ alarmName }) => ({ alarmName })) },
    };
  }

  private makeAlarms({ alarms = {}, alarmActions = [] }: OnnxEndpointProps): cloudwatch.Alarm[] {
    const { maxErrors = 1, maxLatency = Duration.seconds(5) } = alarms;
    const made = [
      new cloudwatch.Alarm(this, 'ErrorsAlarm', {
        alarmDescription: `${this.modelName}: requests to the endpoint fail`,
        metric: this.metric('Invocation5XXErrors', { statistic: 'Sum' }),
        threshold: maxErrors,
        evaluationPeriods: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      }),
      new cloudwatch.Alarm(this, 'LatencyAlarm', {
        alarmDescription: `${this.modelName}: p99 of the model's latency is too high`,
        metric: this.metric('ModelLatency', { statistic: 'p99' }),
        // CloudWatch has this metric in microseconds.
        threshold: maxLatency.toMilliseconds() * 1000,
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      }),
    ];
    for (const alarm of made) {
      alarm.addAlarmAction(...alarmActions);
    }
    return made;
  }

  private scale(endpoint: sagemaker.CfnEndpoint, options: ScalingOptions, count: number | undefined): void {
    const target = new scaling.ScalableTarget(this, 'Scaling', {
      serviceNamespace: scaling.ServiceNamespace.SAGEMAKER,
      resourceId: `endpoint/${this.endpointName}/variant/${variantName}`,
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      minCapacity: options.minCapacity ?? count ?? endpointDefaults.instances,
      maxCapacity: options.maxCapacity,
      role: scalingRole(this),
    });
    target.scaleToTrackMetric('Load', {
      predefinedMetric: scaling.PredefinedMetric.SAGEMAKER_VARIANT_INVOCATIONS_PER_INSTANCE,
      targetValue: options.invocationsPerInstance,
    });
    target.node.addDependency(endpoint);
  }
}
