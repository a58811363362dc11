import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { OnnxEndpointProps } from './props.ts';

export interface Network {
  config: sagemaker.CfnModel.VpcConfigProperty;
  connections: ec2.Connections;
}

/**
 * Connects the containers to a VPC. The server makes no outbound calls, so its security group allows no outbound
 * traffic.
 */
export function connectNetwork(
  scope: Construct,
  { vpc, vpcSubnets, securityGroups }: OnnxEndpointProps,
): Network | undefined {
  if (vpc === undefined) {
    return undefined;
  }
  const groups: ec2.ISecurityGroup[] = securityGroups ?? [
    new ec2.SecurityGroup(scope, 'SecurityGroup', { vpc, allowAllOutbound: false }) as ec2.ISecurityGroup,
  ];
  return {
    config: {
      subnets: vpc.selectSubnets(vpcSubnets).subnetIds,
      securityGroupIds: groups.map(({ securityGroupId }) => securityGroupId),
    },
    connections: new ec2.Connections({ securityGroups: groups }),
  };
}
