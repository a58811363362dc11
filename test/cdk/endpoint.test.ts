import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { OnnxDashboard, OnnxEndpoint, type OnnxEndpointProps } from '../../lib/cdk/index.ts';
import { actionsOf, newStack, resourcesOf, statementsOf, templateOf } from './app.ts';
import { containerArtifact, digest } from './container-artifact.ts';
import { testRefusals } from './refusal.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-endpoint-'));

type Given = Partial<OnnxEndpointProps>;

function newEndpoint(props: Given = {}, stack: Stack = newStack()): OnnxEndpoint {
  const repository = new ecr.Repository(stack, 'Images') as ecr.IRepository;
  return new OnnxEndpoint(stack, 'Churn', {
    artifact: containerArtifact(),
    image: { repository, digest },
    ...props,
  });
}

const only = (endpoint: OnnxEndpoint, type: string) =>
  resourcesOf(templateOf(Stack.of(endpoint)), type)[0]!.Properties;
const instances = { type: 'ml.m7g.large' };

test('an endpoint is serverless: the image by its digest, memory by the model', () => {
  const endpoint = newEndpoint();
  expect(JSON.stringify(only(endpoint, 'AWS::SageMaker::Model'))).toContain(`@${digest}`);
  expect(only(endpoint, 'AWS::SageMaker::Model').EnableNetworkIsolation).toBeUndefined();
  expect(only(endpoint, 'AWS::SageMaker::EndpointConfig').ProductionVariants).toMatchObject([
    { VariantName: 'main', ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 20 } },
  ]);
  const { EndpointName, DeploymentConfig } = only(endpoint, 'AWS::SageMaker::Endpoint');
  expect(EndpointName).toMatch(/^[a-zA-Z0-9-]{1,63}$/);
  expect(DeploymentConfig).toBeUndefined();
  expect(only(endpoint, 'AWS::Logs::LogGroup')).toMatchObject({
    LogGroupName: `/aws/sagemaker/Endpoints/${EndpointName}`,
    RetentionInDays: 30,
  });
  expect(endpoint.manifest?.name).toBe('breast-cancer');
});

test('on instances it is cut off from the network, scales, and goes back when an alarm rings', () => {
  const endpoint = newEndpoint({
    instances: { ...instances, count: 2, scaling: { maxCapacity: 8, invocationsPerInstance: 3000 } },
  });
  expect(only(endpoint, 'AWS::SageMaker::Model').EnableNetworkIsolation).toBe(true);
  expect(only(endpoint, 'AWS::SageMaker::EndpointConfig').ProductionVariants).toMatchObject([
    { InstanceType: 'ml.m7g.large', InitialInstanceCount: 2 },
  ]);
  expect(only(endpoint, 'AWS::SageMaker::Endpoint')).toMatchObject({
    RetainAllVariantProperties: true,
    DeploymentConfig: { AutoRollbackConfiguration: { Alarms: [{}, {}] } },
  });
  expect(only(endpoint, 'AWS::ApplicationAutoScaling::ScalableTarget')).toMatchObject({
    ServiceNamespace: 'sagemaker',
    ResourceId: `endpoint/${endpoint.endpointName}/variant/main`,
    MinCapacity: 2,
    MaxCapacity: 8,
  });
  expect(only(endpoint, 'AWS::ApplicationAutoScaling::ScalingPolicy')).toMatchObject({
    TargetTrackingScalingPolicyConfiguration: { TargetValue: 3000 },
  });
});

test('its role may pull one image, and write its own logs and metrics', () => {
  const template = templateOf(Stack.of(newEndpoint()));
  expect(actionsOf(template)).toEqual([
    'cloudwatch:PutMetricData',
    'ecr:BatchCheckLayerAvailability',
    'ecr:BatchGetImage',
    'ecr:GetAuthorizationToken',
    'ecr:GetDownloadUrlForLayer',
    'logs:CreateLogStream',
    'logs:DescribeLogStreams',
    'logs:PutLogEvents',
  ]);
});

test('grantInvoke lets somebody send requests to this endpoint', () => {
  const stack = newStack();
  const endpoint = newEndpoint({ endpointName: 'Churn-Live' }, stack);
  endpoint.grantInvoke(new iam.User(stack, 'Caller'));
  const { statement } = statementsOf(templateOf(stack)).find(
    found => found.statement.Action === 'sagemaker:InvokeEndpoint',
  )!;
  expect(JSON.stringify(statement.Resource)).toContain(':endpoint/churn-live');
});

test('what is captured goes to a folder of the bucket, and nothing else may', () => {
  const stack = newStack();
  const bucket = new s3.Bucket(stack, 'Data') as s3.IBucket;
  const endpoint = newEndpoint(
    { instances, dataCapture: { bucket, prefix: 'kept/', samplingPercentage: 10 } },
    stack,
  );
  expect(only(endpoint, 'AWS::SageMaker::EndpointConfig').DataCaptureConfig).toMatchObject({
    EnableCapture: true,
    InitialSamplingPercentage: 10,
    CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
  });
  templateOf(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([Match.objectLike({ Action: 's3:PutObject' })]),
    },
  });
});

describe('in a VPC', () => {
  test('its containers are in private subnets, let nothing out, and may be let in elsewhere', () => {
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }) as ec2.IVpc;
    const endpoint = newEndpoint({ instances, vpc }, stack);
    const { VpcConfig, EnableNetworkIsolation } = only(endpoint, 'AWS::SageMaker::Model');
    expect(VpcConfig.Subnets).toHaveLength(2);
    expect(JSON.stringify(VpcConfig.Subnets)).toContain('PrivateSubnet');
    expect(VpcConfig.SecurityGroupIds).toHaveLength(1);
    expect(EnableNetworkIsolation).toBe(true);
    expect(endpoint.connections.securityGroups).toHaveLength(1);
    expect(actionsOf(templateOf(stack))).toContain('ec2:CreateNetworkInterfacePermission');
  });

  test('security groups and subnets are those that are given', () => {
    const stack = newStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }) as ec2.IVpc;
    const group = new ec2.SecurityGroup(stack, 'Own', { vpc }) as ec2.ISecurityGroup;
    const vpcSubnets = { subnetType: ec2.SubnetType.PUBLIC };
    const endpoint = newEndpoint({ instances, vpc, vpcSubnets, securityGroups: [group] }, stack);
    const { VpcConfig } = only(endpoint, 'AWS::SageMaker::Model');
    expect(JSON.stringify(VpcConfig.Subnets)).toContain('PublicSubnet');
    expect(VpcConfig.SecurityGroupIds).toEqual([stack.resolve(group.securityGroupId)]);
  });
});

describe('a budget', () => {
  test('tells people, by the model’s tag', () => {
    const endpoint = newEndpoint({ budget: { monthlyBudgetUsd: 50, email: ['ml@example.com'] } });
    expect(only(endpoint, 'AWS::Budgets::Budget').Budget.CostFilters).toEqual({
      TagKeyValue: ['user:coldpress:model$breast-cancer'],
    });
  });

  test('deletes the endpoint when it is to stop it, and may delete no other', () => {
    const endpoint = newEndpoint({ budget: { monthlyBudgetUsd: 50, action: 'stop' } });
    const template = templateOf(Stack.of(endpoint));
    const { statement } = statementsOf(template).find(({ statement: { Action } }) =>
      JSON.stringify(Action).includes('DeleteEndpoint'),
    )!;
    expect(JSON.stringify(statement.Resource)).toContain(`:endpoint/${endpoint.endpointName.toLowerCase()}`);
    expect(only(endpoint, 'AWS::Lambda::Function').Environment.Variables).toEqual({
      ENDPOINT_NAME: endpoint.endpointName,
    });
  });
});

test('alarms of errors and latency do what the props say', () => {
  const stack = newStack();
  const topic = new sns.Topic(stack, 'Topic');
  const endpoint = newEndpoint(
    {
      alarms: { maxErrors: 3, maxLatency: Duration.millis(200) },
      alarmActions: [new actions.SnsAction(topic)],
    },
    stack,
  );
  expect(endpoint.alarms).toHaveLength(2);
  const alarms = resourcesOf(templateOf(stack), 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
  expect(alarms.map(({ MetricName, Threshold }) => [MetricName, Threshold])).toEqual([
    ['Invocation5XXErrors', 3],
    ['ModelLatency', 200_000],
  ]);
  expect(alarms.every(({ AlarmActions }) => AlarmActions.length === 1)).toBe(true);
});

test('a dashboard has the endpoints of the app', () => {
  const stack = newStack();
  const endpoint = newEndpoint({}, stack);
  new OnnxDashboard(stack, 'Dashboard');
  const [dashboard] = resourcesOf(templateOf(stack), 'AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(dashboard!.Properties.DashboardBody);
  expect(body).toContain('AWS/SageMaker,EndpointName,VariantName');
  expect(body).toContain(endpoint.endpointName);
});

test('the digest of a layout that `coldpress image` wrote', () => {
  writeFileSync(join(scratch, 'index.json'), JSON.stringify({ manifests: [{ digest }] }));
  const stack = newStack();
  const repository = ecr.Repository.fromRepositoryName(stack, 'Repository', 'churn');
  const endpoint = new OnnxEndpoint(stack, 'Churn', {
    artifact: containerArtifact(),
    image: { repository, layout: scratch },
  });
  expect(JSON.stringify(only(endpoint, 'AWS::SageMaker::Model').PrimaryContainer)).toContain(`@${digest}`);
});

const given = (props: () => Given) => () => newEndpoint(props());
const repository = () => ecr.Repository.fromRepositoryName(newStack(), 'Repository', 'churn');

testRefusals([
  ['no artifact', given(() => ({ artifact: scratch })), 'ARTIFACT_NOT_FOUND', /pack it/],
  [
    'an image without a repository',
    given(() => ({ image: { layout: 'image' } as never })),
    'ENDPOINT_IMAGE',
    /repository/,
  ],
  [
    'a type of EC2',
    given(() => ({ instances: { type: 'm6i.large' } })),
    'ENDPOINT_INSTANCE',
    /ml\.m6i\.large/,
  ],
  ['both kinds', given(() => ({ instances, serverless: {} })), 'ENDPOINT_KIND', /leave one out/],
  [
    'x64 on Graviton',
    given(() => ({ instances, artifact: containerArtifact('onnxruntime') })),
    'ARTIFACT_ARCHITECTURE',
    /--arch arm64/,
  ],
  [
    'capture of a serverless endpoint',
    given(() => ({ dataCapture: { bucket: new s3.Bucket(newStack(), 'B') as s3.IBucket } })),
    'ENDPOINT_KIND',
    /captures no data/,
  ],
  [
    'a VPC for a serverless endpoint',
    given(() => ({ vpc: new ec2.Vpc(newStack(), 'Vpc') as ec2.IVpc })),
    'ENDPOINT_KIND',
    /cannot be in a VPC/,
  ],
  ['security groups without a VPC', given(() => ({ instances, securityGroups: [] })), 'ENDPOINT_VPC', /vpc/],
  [
    'a budget that nobody hears of',
    given(() => ({ budget: { monthlyBudgetUsd: 5 } })),
    'BUDGET_UNHEARD',
    /email/,
  ],
  ['memory', given(() => ({ serverless: { memorySize: 1500 } })), 'MEMORY_SIZE', /steps of 1024/],
  ['concurrency', given(() => ({ serverless: { maxConcurrency: 201 } })), 'OPTION_OUT_OF_RANGE', /1 to 200/],
  [
    'more provisioned than there are',
    given(() => ({ serverless: { provisionedConcurrency: 21 } })),
    'OPTION_OUT_OF_RANGE',
    /1 to 20/,
  ],
  [
    'no instances',
    given(() => ({ instances: { ...instances, count: 0 } })),
    'OPTION_OUT_OF_RANGE',
    /count is 0/,
  ],
  [
    'less than it begins with',
    given(() => ({
      instances: { ...instances, count: 3, scaling: { maxCapacity: 2, invocationsPerInstance: 1 } },
    })),
    'OPTION_OUT_OF_RANGE',
    /maxCapacity is 2/,
  ],
  ['a name', given(() => ({ endpointName: 'a_b' })), 'ENDPOINT_NAME', /"a_b"/],
  [
    'a digest',
    given(() => ({ image: { repository: repository(), digest: 'latest' } })),
    'IMAGE_DIGEST',
    /"latest"/,
  ],
  [
    'no layout',
    given(() => ({ image: { repository: repository(), layout: join(scratch, 'none') } })),
    'IMAGE_DIGEST',
    /coldpress image/,
  ],
]);
