/**
 * The CDK app of cdk.json: the example with a Function URL, a queue, a bucket and a schedule, and once more on ONNX
 * Runtime, with the native library in a layer.
 */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import {
  BucketTrigger,
  FunctionUrlTrigger,
  OnnxFunction,
  QueueTrigger,
  ScheduleTrigger,
} from '../lib/cdk/index.ts';

// Starting CDK's template validation takes longer than everything else; the tests run it on every construct.
const app = new App({ builtinCloudFormationValidation: false });
const stack = new Stack(app, 'ColdpressExample');
const model = 'examples/breast-cancer';

const config = {
  name: 'breast-cancer',
  model: `${model}/model.onnx`,
  score: `${model}/score.ts`,
  samples: `${model}/samples.csv`,
};

const fn = new OnnxFunction(stack, 'BreastCancer', {
  config: {
    ...config,
    events: { objects: { store: 's3', prefix: 'scored/' } },
    sinks: { results: { type: 'log' } },
  },
});
const native = new OnnxFunction(stack, 'Native', { config: { ...config, engine: 'onnxruntime' } });

const { url } = new FunctionUrlTrigger(fn, 'Http');
const { queue } = new QueueTrigger(fn, 'Queue', { maxConcurrency: 10 });
const { bucket } = new BucketTrigger(fn, 'Objects', { prefix: 'incoming/', suffix: '.csv' });
new ScheduleTrigger(fn, 'KeepWarm', { schedule: Schedule.rate(Duration.minutes(5)) });

new CfnOutput(stack, 'Url', { value: url });
new CfnOutput(stack, 'NativeUrl', { value: new FunctionUrlTrigger(native, 'Http').url });
new CfnOutput(stack, 'QueueUrl', { value: queue.queueUrl });
new CfnOutput(stack, 'BucketName', { value: bucket.bucketName });
