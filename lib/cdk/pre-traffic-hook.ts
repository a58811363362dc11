import { Duration, Stack } from 'aws-cdk-lib';
import type * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge.ts';
import { newLogGroup, newRole } from './execution-role.ts';
import type { ModelFunction } from './model-function.ts';
import { nodejs24 } from './nodejs24.ts';
import { ownHandler } from './own-handler.ts';
import { topStack } from './top-stack.ts';

/**
 * A function that CodeDeploy runs before a new version receives traffic. It checks that the version answers the
 * golden vector in its package. All models of a stack share one hook, and a new model does not change it.
 */
export class PreTrafficHook extends Construct {
  /** The function of the hook. */
  readonly function: lambda.Function;

  /** The hook of a stack; it is created on first use. */
  static of(scope: Construct): PreTrafficHook {
    const stack = Stack.of(scope);
    const id = 'ColdpressPreTraffic';
    return (stack.node.tryFindChild(id) as PreTrafficHook | undefined) ?? new PreTrafficHook(stack, id);
  }

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const logGroup = newLogGroup(this, 'Logs');
    this.function = new lambda.Function(this, 'Function', {
      code: topStack(this).bundlingRequired ? ownHandler('aws-pre-traffic') : lambda.Code.fromInline('//'),
      handler: 'index.handler',
      runtime: nodejs24,
      architecture: lambda.Architecture.ARM_64,
      memorySize: 256,
      // Enough for a cold start of the model and its golden vector, plus one retry.
      timeout: Duration.minutes(2),
      loggingFormat: lambda.LoggingFormat.JSON,
      description:
        'reports to CodeDeploy whether a new model passes its self-test (golden vector); created by coldpress',
      logGroup,
      role: newRole(this, 'Role', { logGroup }),
    });
    this.allow(['cloudwatch:GetMetricStatistics'], '*');
    acknowledgeWildcard(this, '*', 'cloudwatch:GetMetricStatistics takes no resource');
  }

  /** Makes deployments of the group run the hook for the function. */
  guard(group: codedeploy.LambdaDeploymentGroup, fn: ModelFunction): void {
    // Also grants both sides the permissions to call each other.
    group.addPreHook(this.function);
    this.allow(['codedeploy:GetDeployment'], group.deploymentGroupArn);
    // A wildcard, because the version number is unknown before the version is created, and would change this policy
    // with every model.
    const versions = `${fn.functionArn}:*`;
    this.allow(['lambda:InvokeFunction'], versions);
    acknowledgeWildcard(this, versions, 'the version that is to be checked has no number yet');
    const hookVersions = `${this.function.functionArn}:*`;
    acknowledgeWildcard(group.role, hookVersions, 'the grant that CDK gives CodeDeploy on its hook');
  }

  private allow(actions: string[], resource: string): void {
    this.function.addToRolePolicy(new iam.PolicyStatement({ actions, resources: [resource] }));
  }
}
