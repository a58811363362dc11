/** What test/cdk/deploy.test.ts deploys: a function for this machine's CPU with a version, behind a queue. MODEL is its model. */
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { OnnxFunction, QueueTrigger } from '../../lib/cdk/index.ts';

const app = new App({ builtinCloudFormationValidation: false });
const stack = new Stack(app, 'Moto', { env: { account: '123456789012', region: 'us-east-1' } });
const fn = new OnnxFunction(stack, 'Model', {
  model: process.env.MODEL!,
  // Its layer is a part of what is deployed.
  engine: 'onnxruntime',
  architecture: process.arch === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64,
});
new QueueTrigger(fn, 'Queue');
new CfnOutput(stack, 'Version', { value: fn.currentVersion.functionArn });
