import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * The stack that is deployed: of a nested one, the outermost around it. That one is selected on the command line, and
 * its name is a text when the app runs, and begins the names of all that CloudFormation makes in it.
 */
export function topStack(scope: Construct): Stack {
  const stack = Stack.of(scope);
  return stack.nestedStackParent === undefined ? stack : topStack(stack.nestedStackParent);
}
