import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../acknowledge.ts';
import type { DataCaptureOptions, EndpointImage } from './props.ts';

/** https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms */
const networkActions = [
  'ec2:CreateNetworkInterface',
  'ec2:CreateNetworkInterfacePermission',
  'ec2:DeleteNetworkInterface',
  'ec2:DeleteNetworkInterfacePermission',
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
];

/**
 * A role that may pull the one image, write the endpoint's own log group and publish SageMaker metrics.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
 */
export function newEndpointRole(
  scope: Construct,
  { image, logGroup, inVpc }: { image: EndpointImage; logGroup: logs.LogGroup; inVpc: boolean },
): iam.Role {
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com'),
  });
  const allow = (statement: iam.PolicyStatementProps) => role.addToPolicy(new iam.PolicyStatement(statement));
  allow({
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    resources: [image.repository.repositoryArn],
  });
  // This action applies to the whole registry; IAM cannot restrict it to one repository.
  allow({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] });
  allow({
    actions: ['cloudwatch:PutMetricData'],
    resources: ['*'],
    conditions: { StringLike: { 'cloudwatch:namespace': ['*SageMaker*', '*sagemaker*'] } },
  });
  allow({
    actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
  if (inVpc) {
    allow({ actions: networkActions, resources: ['*'] });
  }
  acknowledgeWildcard(
    role,
    '*',
    'a token of ECR and metrics take no resource; metrics are those of SageMaker; network interfaces have names that it alone knows',
  );
  return role;
}

/** Lets the endpoint write captured data, and nothing else, to the bucket. */
export function grantCapture(
  role: iam.IRole,
  { bucket, prefix }: Required<Pick<DataCaptureOptions, 'bucket' | 'prefix'>>,
) {
  const objects = bucket.arnForObjects(`${prefix}*`);
  role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:PutObject'], resources: [objects] }));
  bucket.encryptionKey?.grant(role, 'kms:GenerateDataKey', 'kms:Decrypt');
  if (role instanceof iam.Role) {
    acknowledgeWildcard(role, objects, 'captured requests have names that SageMaker gives them');
  }
}

/** The role that Application Auto Scaling creates for SageMaker, once per account. */
export function scalingRole(scope: Construct): iam.IRole {
  const arn = Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com',
    resourceName: 'AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint',
  });
  return iam.Role.fromRoleArn(scope, 'ScalingRole', arn, { mutable: false });
}
