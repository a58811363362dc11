import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Returns the stack that is deployed; for a nested stack, its outermost parent. That stack is selected on the command
 * line; its name is a known string at synthesis, and begins the names of all that CloudFormation creates in it.
 */
export function topStack(scope: Construct): Stack {
  const stack = Stack.of(scope);
  return stack.nestedStackParent === undefined ? stack : topStack(stack.nestedStackParent);
}
