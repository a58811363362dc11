import type { Construct } from 'constructs';
import { errorAt, type Problem } from './error-at.ts';
import type { OnnxFunctionProps } from './function-props.ts';
import type { Packed } from './pack/request.ts';
import { isGradual } from './rollout-config.ts';

interface Given {
  props: OnnxFunctionProps;
  artifact: Packed | undefined;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const limits = { layers: 5, memoryMb: [128, 10_240], timeoutSeconds: 900 } as const;

/** What Lambda would refuse, or take and do otherwise than it was meant. */
const checks: ((given: Given) => Problem | undefined)[] = [
  ({ props: { model, config, artifact } }) =>
    artifact !== undefined && (model !== undefined || config !== undefined)
      ? {
          code: 'MODEL_AND_ARTIFACT',
          message: 'a model and an artifact are given: which of them?',
          hint: 'leave one out; the artifact has its config inside',
        }
      : undefined,
  ({ props: { layers = [] }, artifact }) => {
    const own = artifact?.manifest.layer === undefined ? 0 : 1;
    return own + layers.length > limits.layers
      ? {
          code: 'TOO_MANY_LAYERS',
          message: `${own + layers.length} layers, ONNX Runtime's among them; Lambda takes ${limits.layers}`,
          hint: "leave one out, or pack ONNX Runtime into the function: config: { native: 'inline' }",
        }
      : undefined;
  },
  ({ props: { snapStart } }) =>
    snapStart === undefined
      ? undefined
      : {
          code: 'SNAPSTART_ZIP',
          message: 'SnapStart takes functions of Node only as container images, and this one is a zip',
          hint: 'provisionedConcurrency keeps instances warm',
        },
  ({ props: { provisionedConcurrency, rollout } }) =>
    provisionedConcurrency !== undefined && rollout !== undefined && isGradual(rollout)
      ? {
          code: 'PROVISIONED_CANARY',
          message: 'an alias with provisioned concurrency cannot divide its traffic between two versions',
          hint: 'rollout: { config: LambdaDeploymentConfig.ALL_AT_ONCE }, or no provisionedConcurrency',
        }
      : undefined,
  ({ props: { provisionedConcurrency: wanted, reservedConcurrentExecutions: reserved } }) =>
    wanted !== undefined && reserved !== undefined && wanted > reserved
      ? {
          code: 'PROVISIONED_OVER_RESERVED',
          message: `${wanted} provisioned instances are more than the ${reserved} that are reserved`,
          hint: 'raise reservedConcurrentExecutions',
        }
      : undefined,
  ({ props: { memorySize } }) =>
    memorySize !== undefined && (memorySize < limits.memoryMb[0] || memorySize > limits.memoryMb[1])
      ? {
          code: 'MEMORY_SIZE',
          message: `memorySize is ${memorySize}`,
          hint: `Lambda takes ${limits.memoryMb[0]} to ${limits.memoryMb[1]} MB`,
        }
      : undefined,
  ({ props: { timeout } }) =>
    timeout !== undefined && !timeout.isUnresolved() && timeout.toSeconds() > limits.timeoutSeconds
      ? {
          code: 'TIMEOUT',
          message: `timeout is ${timeout.toSeconds()} seconds`,
          hint: `Lambda takes ${limits.timeoutSeconds} at most; OnnxBatchJob divides large inputs`,
        }
      : undefined,
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
