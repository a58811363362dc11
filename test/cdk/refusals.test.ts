import { cpSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';
import { OnnxRuntimeLayer } from '../../lib/cdk/index.ts';
import { packAtSynth } from '../../lib/cdk/pack/pack-at-synth.ts';
import { baseConfig, cacheDir, type Given, newFunction, newStack } from './app.ts';
import { alone, given, testRefusals } from './refusal.ts';

const scratch = mkdtempSync(join(tmpdir(), 'coldpress-refusals-'));
const packed = packAtSynth({ cwd: scratch, cacheDir, config: baseConfig, overrides: {} });
const artifact = packed.ok ? packed.dir : '';

function file(name: string, text: string): string {
  writeFileSync(join(scratch, name), text);
  return join(scratch, name);
}

/** A folder with a model and an asset of 230 MB. */
function overBudget(): Given {
  const dir = join(scratch, 'large');
  cpSync(join(baseConfig.model, '..'), dir, { recursive: true });
  writeFileSync(join(dir, 'big.bin'), '');
  truncateSync(join(dir, 'big.bin'), 230 * 2 ** 20);
  const path = join(dir, 'large.config.mjs');
  writeFileSync(
    path,
    "export default { model: 'model.onnx', assets: ['big.bin'], engine: 'onnxruntime' };\n",
  );
  return { config: path } as unknown as Given;
}

const queueSink = { sinks: { results: { type: 'sqs' as const, queueUrl: { env: 'Q' } } } };
const layers = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    lambda.LayerVersion.fromLayerVersionArn(newStack(), `L${i}`, `arn:aws:lambda:eu-west-1:1:layer:l${i}:1`),
  );
const secretHeader = { authorization: { secretsManager: { env: 'TOKEN' } } };
const webhook = { type: 'webhook' as const, url: 'https://example.com', headers: secretHeader };

testRefusals([
  ['no model', alone({}), 'MODEL_UNNAMED', /no model is named/],
  ['model missing', alone({ model: 'no.onnx' }), 'MODEL_NOT_FOUND', /no\.onnx/],
  ['model refused', alone({ model: file('text.onnx', 'hello') }), 'MODEL_IS_TEXT', /text\.onnx/],
  ['config missing', alone({ config: 'no.config.ts' }), 'CONFIG_MISSING', /no\.config\.ts/],
  ['config invalid', given({ config: { asset: [] } as never }), 'CONFIG_INVALID', /the config: .*"asset"/],
  ['score missing', given({ config: { score: 'no.ts' } }), 'SCORE_MISSING', /no\.ts/],
  ['unsupported runtime', given({ runtime: lambda.Runtime.NODEJS_20_X }), 'OPTION_INVALID', /nodejs20\.x/],
  ['over budget', () => alone(overBudget() as never)(), 'OVER_BUDGET', /262,144,000, layers counted/],
  ['artifact missing', alone({ artifact: scratch }), 'ARTIFACT_NOT_FOUND', /contains no packed function/],
  [
    'artifact of another CPU',
    alone({ artifact, architecture: lambda.Architecture.X86_64 }),
    'ARTIFACT_ARCHITECTURE',
    /packed for arm64, the function is x64/,
  ],
  [
    'artifact for another Node',
    alone({ artifact, runtime: lambda.Runtime.NODEJS_22_X }),
    'ARTIFACT_RUNTIME',
    /nodejs24\.x, the function is nodejs22\.x/,
  ],
  ['model and artifact', alone({ artifact, model: 'x.onnx' }), 'MODEL_AND_ARTIFACT', /cannot be combined/],
  ['a sixth layer', given({ layers: layers(5) }), 'TOO_MANY_LAYERS', /6 layers/],
  [
    'SnapStart',
    given({ snapStart: lambda.SnapStartConf.ON_PUBLISHED_VERSIONS }),
    'SNAPSTART_ZIP',
    /container/,
  ],
  [
    'provisioned canary',
    given({ provisionedConcurrency: 1, rollout: {} }),
    'PROVISIONED_CANARY',
    /divide its traffic/,
  ],
  [
    'more provisioned than reserved',
    given({ provisionedConcurrency: 3, reservedConcurrentExecutions: 2 }),
    'PROVISIONED_OVER_RESERVED',
    /3 provisioned/,
  ],
  ['no properties', alone(undefined as never), 'OPTION_INVALID', /Churn: .*no properties/],
  [
    'seconds as a number',
    given({ timeout: 30 as never }),
    'OPTION_INVALID',
    /timeout is 30.*\n.*Duration\.sec/,
  ],
  ['CPU as text', given({ architecture: 'arm64' as never }), 'OPTION_INVALID', /ARM_64/],
  ['Node as text', given({ runtime: 'nodejs24.x' as never }), 'OPTION_INVALID', /NODEJS_24_X/],
  ['too much memory', given({ memorySize: 20_000 }), 'MEMORY_SIZE', /20000/],
  ['too much time', given({ timeout: Duration.hours(1) }), 'TIMEOUT', /3600/],
  [
    'time that CloudFormation alone knows',
    () => {
      const stack = newStack();
      const seconds = new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber;
      newFunction(stack, { timeout: Duration.seconds(seconds) });
    },
    'TIMEOUT',
    /CloudFormation alone/,
  ],
  ['no time', given({ timeout: Duration.seconds(0) }), 'TIMEOUT', /0 seconds/],
  ['half of a megabyte', given({ memorySize: 512.5 }), 'MEMORY_SIZE', /512\.5/],
  ['alias $LATEST', given({ alias: '$LATEST' }), 'ALIAS_NAME', /\$LATEST/],
  ['alias of digits', given({ alias: '12' }), 'ALIAS_NAME', /"12"/],
  ['nothing provisioned', given({ provisionedConcurrency: 0 }), 'OPTION_OUT_OF_RANGE', /provisioned/],
  ['an alarm that always rings', given({ rollout: { maxErrors: 0 } }), 'OPTION_OUT_OF_RANGE', /maxErrors/],
  ['score and artifact', alone({ artifact, score: 'score.ts' }), 'MODEL_AND_ARTIFACT', /cannot be combined/],
  ['config for Google', given({ config: { target: 'gcf' } }), 'ARTIFACT_TARGET', /leave target out/],
  [
    'artifact without its layer',
    () => {
      cpSync(artifact, join(scratch, 'torn'), { recursive: true });
      rmSync(join(scratch, 'torn/layer.zip'));
      alone({ artifact: join(scratch, 'torn') })();
    },
    'ARTIFACT_INVALID',
    /layer\.zip is missing/,
  ],
  [
    'variable of Lambda’s own',
    () => {
      const stack = newStack();
      newFunction(stack, {
        config: { sinks: { results: { type: 'sqs', queueUrl: { env: 'AWS_REGION' } } } },
        sinks: { results: new sqs.Queue(stack, 'Q') },
      });
    },
    'VARIABLE_NAME',
    /"AWS_REGION"/,
  ],
  ['budget without a listener', given({ budget: { monthlyBudgetUsd: 5 } }), 'BUDGET_UNHEARD', /no recipient/],
  ['budget of nothing', given({ budget: { monthlyBudgetUsd: 0 } }), 'BUDGET_AMOUNT', /0/],
  ['sink without a grant', given({ config: queueSink }), 'SINK_WITHOUT_GRANT', /no permission to write/],
  [
    'sink of another kind',
    () => {
      const stack = newStack();
      newFunction(stack, { config: queueSink, sinks: { results: new sns.Topic(stack, 'T') as sns.ITopic } });
    },
    'SINK_KIND',
    /not a queue/,
  ],
  [
    'resource without a sink',
    () => {
      const stack = newStack();
      newFunction(stack, { sinks: { results: new sqs.Queue(stack, 'Q') } });
    },
    'SINK_UNKNOWN',
    /no such sink/,
  ],
  [
    'secret without a grant',
    given({ config: { sinks: { results: webhook } } }),
    'SECRET_WITHOUT_GRANT',
    /"TOKEN"/,
  ],
  [
    'a layer of nothing',
    () => new OnnxRuntimeLayer(newStack(), 'L', { artifact: scratch }),
    'ARTIFACT_NOT_FOUND',
    /contains no packed function/,
  ],
]);

test.each([
  ['eu-west-1', []],
  ['eu-wset-1', [expect.stringContaining('the region "eu-wset-1"')]],
])('a stack in %s', (region, warnings) => {
  const stack = new Stack(new App(), 'Test', { env: { region } });
  newFunction(stack);
  const found = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('region'));
  expect(found.map(({ entry }) => entry.data)).toEqual(warnings);
});
