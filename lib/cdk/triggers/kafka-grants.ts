import { Fn } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { acknowledgeWildcard } from '../acknowledge.ts';
import type { OnnxFunction } from '../function.ts';

/**
 * Grants what Lambda needs to read an MSK topic in the name of the function's role. AWS's own AWSLambdaMSKExecutionRole
 * may also write to every log group of the account.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
 */
export function grantCluster(
  fn: OnnxFunction,
  clusterArn: string,
  { topic, usesIam }: { topic: string; usesIam: boolean },
): void {
  allow(fn, ['kafka:DescribeCluster', 'kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers'], clusterArn);
  if (!usesIam) {
    allow(fn, ['kafka:ListScramSecrets'], clusterArn);
    return;
  }
  allow(fn, ['kafka-cluster:Connect', 'kafka-cluster:DescribeClusterDynamicConfiguration'], clusterArn);
  allow(fn, ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'], within(clusterArn, 'topic', topic));
  const groups = within(clusterArn, 'group', '*');
  allow(fn, ['kafka-cluster:DescribeGroup', 'kafka-cluster:AlterGroup'], groups);
  acknowledgeWildcard(fn.role ?? fn, groups, 'Lambda makes up the name of its consumer group');
}

/** Lambda reads brokers in a VPC through network interfaces that it creates there. */
export function grantNetwork(fn: OnnxFunction): void {
  allow(
    fn,
    [
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
    ],
    '*',
  );
  acknowledgeWildcard(fn.role ?? fn, '*', 'network interfaces that Lambda makes have no name beforehand');
}

function allow(fn: OnnxFunction, actions: string[], resource: string): void {
  fn.addToRolePolicy(new iam.PolicyStatement({ actions, resources: [resource] }));
}

/** `arn:…:cluster/NAME/ID` becomes `arn:…:topic/NAME/ID/TOPIC`. */
function within(clusterArn: string, kind: 'topic' | 'group', name: string): string {
  return `${Fn.join(`:${kind}/`, Fn.split(':cluster/', clusterArn))}/${name}`;
}
