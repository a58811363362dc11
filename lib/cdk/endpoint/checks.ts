import { Token } from 'aws-cdk-lib';
import { type Manifest, runsOn } from '../../contract/manifest.ts';
import { memoryFor } from '../../targets/container/memory.ts';
import type { Problem } from '../error-at.ts';
import { rangeProblem } from '../out-of-range.ts';
import type { OnnxEndpointProps } from './props.ts';

/** https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html */
export const serverlessLimits = { memoryMb: [1024, 6144], stepMb: 1024, concurrency: [1, 200] } as const;

export const endpointDefaults = { maxConcurrency: 20, instances: 1, memoryMb: 2048 } as const;

interface Given {
  props: OnnxEndpointProps;
  manifest: Manifest | undefined;
}

/**
 * MB of a serverless endpoint in which the model runs; the result may exceed the largest size that SageMaker offers.
 */
export function serverlessMemory(manifest: Manifest | undefined): number {
  const { stepMb } = serverlessLimits;
  return manifest === undefined
    ? endpointDefaults.memoryMb
    : stepMb * Math.ceil(memoryFor(manifest) / stepMb);
}

/** Graviton instance types have a `g` after the generation: ml.m7g.large, ml.c6gn.xlarge. */
function cpuOf(instanceType: string): 'arm64' | 'x64' {
  return /^ml\.[a-z]+\d+g[a-z]*\./.test(instanceType) ? 'arm64' : 'x64';
}

/** Checks for properties that SageMaker would reject, or accept and then fail with. */
const checks: ((given: Given) => Problem | undefined)[] = [
  // JavaScript has no types that would require them.
  ({ props: { image } }) =>
    image?.repository === undefined || !('digest' in image || 'layout' in image)
      ? {
          code: 'ENDPOINT_IMAGE',
          message: `image has no ${image?.repository === undefined ? 'repository' : 'digest'}`,
          hint: "image: { repository, digest: 'sha256:…' }, or layout in place of the digest",
        }
      : undefined,
  ({ props: { instances } }) =>
    instances === undefined || Token.isUnresolved(instances.type) || /^ml\./.test(instances.type)
      ? undefined
      : {
          code: 'ENDPOINT_INSTANCE',
          message: `instances.type is "${instances.type}"`,
          hint: 'types of SageMaker begin with ml., such as ml.m6i.large',
        },
  ({ props: { serverless, instances } }) =>
    serverless !== undefined && instances !== undefined
      ? {
          code: 'ENDPOINT_KIND',
          message: 'serverless and instances cannot be combined',
          hint: 'leave one out',
        }
      : undefined,
  ({ props: { instances }, manifest }) => {
    const wanted = instances === undefined ? 'x64' : cpuOf(instances.type);
    const isUnknown = Token.isUnresolved(instances?.type);
    return manifest === undefined || isUnknown || runsOn(manifest.architecture, wanted)
      ? undefined
      : {
          code: 'ARTIFACT_ARCHITECTURE',
          message: `the artifact was packed for ${manifest.architecture}, and ${instances?.type ?? 'a serverless endpoint'} is ${wanted}`,
          hint: `pack it again with --arch ${wanted}`,
        };
  },
  ({ props: { instances, dataCapture } }) =>
    dataCapture !== undefined && instances === undefined
      ? {
          code: 'ENDPOINT_KIND',
          message: 'a serverless endpoint captures no data',
          hint: "instances: { type: 'ml.m7g.large' }, or leave dataCapture out",
        }
      : undefined,
  ({ props: { vpc, instances } }) =>
    vpc !== undefined && instances === undefined
      ? {
          code: 'ENDPOINT_KIND',
          message: 'a serverless endpoint cannot be in a VPC',
          hint: "instances: { type: 'ml.m7g.large' }, or leave vpc out",
        }
      : undefined,
  ({ props: { vpc, vpcSubnets, securityGroups } }) =>
    vpc === undefined && (vpcSubnets ?? securityGroups) !== undefined
      ? {
          code: 'ENDPOINT_VPC',
          message: `${vpcSubnets === undefined ? 'securityGroups' : 'vpcSubnets'} is set without vpc`,
          hint: 'add vpc, or leave it out',
        }
      : undefined,
  ({ props: { serverless, instances }, manifest }) => {
    const memory = serverless?.memorySize ?? serverlessMemory(manifest);
    const [least, most] = serverlessLimits.memoryMb;
    const isOffered = memory >= least && memory <= most && memory % serverlessLimits.stepMb === 0;
    return instances !== undefined || Token.isUnresolved(memory) || isOffered
      ? undefined
      : {
          code: 'MEMORY_SIZE',
          message: `the endpoint's memory is ${memory} MB`,
          hint: `a serverless endpoint has ${least} to ${most} in steps of ${serverlessLimits.stepMb}; a larger model needs instances`,
        };
  },
  ({ props: { serverless } }) =>
    rangeProblem('serverless.maxConcurrency', serverless?.maxConcurrency, serverlessLimits.concurrency),
  ({ props: { serverless } }) =>
    rangeProblem('serverless.provisionedConcurrency', serverless?.provisionedConcurrency, [
      1,
      serverless?.maxConcurrency ?? endpointDefaults.maxConcurrency,
    ]),
  ({ props: { instances } }) =>
    rangeProblem('instances.count', instances?.count, [1, Number.POSITIVE_INFINITY]),
  ({ props: { instances } }) =>
    rangeProblem('instances.scaling.maxCapacity', instances?.scaling?.maxCapacity, [
      Math.max(instances?.count ?? 1, instances?.scaling?.minCapacity ?? 1),
      Number.POSITIVE_INFINITY,
    ]),
  ({ props: { instances } }) =>
    rangeProblem('instances.scaling.minCapacity', instances?.scaling?.minCapacity, [
      1,
      Number.POSITIVE_INFINITY,
    ]),
  ({ props: { dataCapture } }) =>
    rangeProblem('dataCapture.samplingPercentage', dataCapture?.samplingPercentage, [1, 100]),
  ({ props: { endpointName } }) =>
    endpointName === undefined ||
    Token.isUnresolved(endpointName) ||
    /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(endpointName)
      ? undefined
      : {
          code: 'ENDPOINT_NAME',
          message: `an endpoint cannot be named "${endpointName}"`,
          hint: 'letters, digits and hyphens between them, 63 at most',
        },
];

export function findProblem(given: Given): Problem | undefined {
  for (const check of checks) {
    const problem = check(given);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}
