import * as lambda from 'aws-cdk-lib/aws-lambda';

/** Defined here, because releases of CDK before 2.226 do not have it. */
export const nodejs24 = new lambda.Runtime('nodejs24.x', lambda.RuntimeFamily.NODEJS, {
  supportsInlineCode: true,
});
