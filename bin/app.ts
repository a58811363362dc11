/** The CDK app that cdk.json runs: the example, packed and behind a Function URL. */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { pack } from '../lib/pack/pack.ts';

const { outDir, manifest } = await pack({
  cwd: process.cwd(),
  env: process.env,
  config: 'examples/breast-cancer/coldpress.config.ts',
  out: 'build/cdk',
});

const stack = new Stack(new App(), 'ColdpressExample');
const architecture =
  manifest.architecture === 'arm64' ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64;

const layer = new lambda.LayerVersion(stack, 'OnnxRuntime', {
  code: lambda.Code.fromAsset(`${outDir}/layer.zip`),
  layerVersionName: manifest.layer!.name,
  compatibleArchitectures: [architecture],
  license: 'MIT',
});
const fn = new lambda.Function(stack, 'BreastCancer', {
  code: lambda.Code.fromAsset(`${outDir}/function.zip`),
  handler: manifest.handler,
  runtime: new lambda.Runtime(manifest.runtime, lambda.RuntimeFamily.NODEJS),
  architecture,
  layers: [layer],
  memorySize: 512,
  timeout: Duration.seconds(10),
});
const url = fn.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
new CfnOutput(stack, 'Url', { value: url.url });
