import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { awsLambdaDefaults } from '../targets/aws-lambda/defaults.ts';
import { acknowledge } from './acknowledge.ts';

export function newLogGroup(scope: Construct, id: string): logs.LogGroup {
  // Deleted with the stack; users who want to keep their logs pass `logGroup`.
  return new logs.LogGroup(scope, id, {
    retention: awsLambdaDefaults.logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** Releases of CDK before 2.215 do not support log groups by reference. */
function arnOf(logGroup: logs.ILogGroupRef & Partial<logs.ILogGroup>): string {
  return logGroup.logGroupArn ?? logGroup.logGroupRef.logGroupArn;
}

/**
 * Creates a role that may write to the log group and do nothing else. AWS's own AWSLambdaBasicExecutionRole may write
 * to every log group of the account.
 */
export function newRole(
  scope: Construct,
  id: string,
  { logGroup, inVpc = false }: { logGroup: logs.ILogGroupRef; inVpc?: boolean },
): iam.Role {
  const vpcPolicy = 'service-role/AWSLambdaVPCAccessExecutionRole';
  const role = new iam.Role(scope, id, {
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: inVpc ? [iam.ManagedPolicy.fromAwsManagedPolicyName(vpcPolicy)] : [],
  });
  if (inVpc) {
    acknowledge(
      role,
      `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${vpcPolicy}]`,
      'network interfaces of a function in a VPC have names that Lambda alone knows',
    );
  }
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: [...awsLambdaDefaults.logActions],
      resources: [arnOf(logGroup)],
    }),
  );
  return role;
}
