import { Annotations, CfnRule, Fn } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

const reason = 'the model was not packed, as the command that made this template did not select its stack';

/**
 * Prevents a function without a model from being deployed by any tool: CDK rejects a stack that has an error, and
 * CloudFormation one whose rule cannot be met. Listing, diffing and destroying still work.
 */
export function refuseDeployment(model: Construct): void {
  Annotations.of(model).addError(`${reason}: synthesise it again, with this stack selected`);
  new CfnRule(model, 'NotPacked', {
    assertions: [{ assert: Fn.conditionEquals('a model', 'none'), assertDescription: reason }],
  });
}
