import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Artifact } from '../artifact.ts';
import { awsLambdaLimits } from '../targets/aws-lambda/limits.ts';
import { errorAt, type Problem } from './error-at.ts';
import type { OnnxFunctionProps } from './function-props.ts';
import { isOutOfRange, rangeProblem } from './out-of-range.ts';
import { isGradual } from './rollout-config.ts';

interface Given {
  props: OnnxFunctionProps;
  artifact: Artifact | undefined;
}

const aliasName = /^(?!\d+$)[\w-]{1,128}$/;

/** Checks for properties that Lambda would reject, or accept with an unintended effect. */
const checks: ((given: Given) => Problem | undefined)[] = [
  ({ props: { model, score, samples, config, artifact } }) =>
    artifact !== undefined && [model, score, samples, config].some(own => own !== undefined)
      ? {
          code: 'MODEL_AND_ARTIFACT',
          message: '"artifact" cannot be combined with a model, score, samples or config',
          hint: 'leave "artifact" out to pack the model now, or keep "artifact" alone: it was packed with a model and a config',
        }
      : undefined,
  ({ props: { layers = [] }, artifact }) => {
    const own = artifact?.manifest.layer === undefined ? 0 : 1;
    if (artifact?.manifest.package === 'image' && layers.length > 0) {
      return {
        code: 'IMAGE_LAYERS',
        message: 'the function is an image, and Lambda adds no layers to one',
        hint: 'leave "layers" out, or pack with --package zip',
      };
    }
    return own + layers.length > awsLambdaLimits.layers
      ? {
          code: 'TOO_MANY_LAYERS',
          message: `${own + layers.length} layers, including ONNX Runtime's; Lambda allows ${awsLambdaLimits.layers}`,
          hint: "leave one out, or pack ONNX Runtime into the function: config: { native: 'inline' }",
        }
      : undefined;
  },
  ({ props: { snapStart }, artifact }) =>
    snapStart === undefined || artifact?.manifest.package === 'image'
      ? undefined
      : {
          code: 'SNAPSTART_ZIP',
          message: 'SnapStart supports Node functions only as container images, and this one is a zip',
          hint: 'pack with --package image; or, to keep instances warm, provisionedConcurrency',
        },
  ({ props: { snapStart, provisionedConcurrency } }) =>
    snapStart !== undefined && provisionedConcurrency !== undefined
      ? {
          code: 'SNAPSTART_PROVISIONED',
          message: 'Lambda does not support SnapStart together with provisioned concurrency',
          hint: 'leave one out',
        }
      : undefined,
  ({ props: { provisionedConcurrency, rollout } }) =>
    provisionedConcurrency !== undefined && rollout !== undefined && isGradual(rollout)
      ? {
          code: 'PROVISIONED_CANARY',
          message: 'an alias with provisioned concurrency cannot divide its traffic between two versions',
          hint: 'rollout: { config: LambdaDeploymentConfig.ALL_AT_ONCE }, or no provisionedConcurrency',
        }
      : undefined,
  ({ props: { provisionedConcurrency: wanted, reservedConcurrentExecutions: reserved } }) =>
    wanted !== undefined && reserved !== undefined && !Token.isUnresolved(reserved) && wanted > reserved
      ? {
          code: 'PROVISIONED_OVER_RESERVED',
          message: `${wanted} provisioned instances are more than the ${reserved} that are reserved`,
          hint: 'raise reservedConcurrentExecutions',
        }
      : undefined,
  ({ props: { provisionedConcurrency: value } }) =>
    rangeProblem('provisionedConcurrency', value, [1, Number.POSITIVE_INFINITY]),
  ({ props: { reservedConcurrentExecutions: value } }) =>
    rangeProblem('reservedConcurrentExecutions', value, [0, Number.POSITIVE_INFINITY]),
  ({ props: { memorySize } }) =>
    isOutOfRange(memorySize, awsLambdaLimits.memoryMb)
      ? {
          code: 'MEMORY_SIZE',
          message: `memorySize is ${memorySize}`,
          hint: `Lambda allows ${awsLambdaLimits.memoryMb[0]} to ${awsLambdaLimits.memoryMb[1]} MB`,
        }
      : undefined,
  ({ props: { timeout } }) =>
    timeout?.isUnresolved()
      ? {
          code: 'TIMEOUT',
          message:
            'timeout is known to CloudFormation alone, and queues, alarms and batch jobs are made by it',
          hint: 'Duration.seconds(30), written out',
        }
      : isOutOfRange(timeout?.toSeconds(), awsLambdaLimits.timeoutSeconds)
        ? {
            code: 'TIMEOUT',
            message: `timeout is ${timeout?.toSeconds()} seconds`,
            hint: `Lambda allows ${awsLambdaLimits.timeoutSeconds.join(' to ')}; OnnxBatchJob divides large inputs`,
          }
        : undefined,
  ({ props: { alias } }) =>
    alias !== undefined && !Token.isUnresolved(alias) && !aliasName.test(alias)
      ? {
          code: 'ALIAS_NAME',
          message: `an alias cannot be named "${alias}"`,
          hint: 'letters, digits, - and _, and not digits alone',
        }
      : undefined,
  // An alarm with a threshold of 0 is always raised.
  ({ props: { rollout } }) =>
    rangeProblem('rollout.maxErrors', rollout?.maxErrors, [1, Number.POSITIVE_INFINITY]),
];

/** @throws ColdpressError for the first problem, with the construct's path */
export function refuse(scope: Construct, id: string, given: Given): void {
  for (const check of checks) {
    const problem = check(given);
    if (problem !== undefined) {
      throw errorAt(scope, id, problem);
    }
  }
}
