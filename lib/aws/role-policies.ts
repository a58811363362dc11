import { awsLambdaDefaults as defaults } from '../targets/aws-lambda/defaults.ts';

/** Lets Lambda assume the function's role. */
export const trustPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/**
 * Lets the function write to its own log group and to no other.
 * @param resource - the log group's ARN, with `:*` for the streams in it
 */
export function logsPolicy(resource: unknown): object {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: defaults.logActions, Resource: resource }],
  };
}
