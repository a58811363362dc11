import { join } from 'node:path';
import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Artifact } from '../artifact.ts';
import { FUNCTION_ZIP } from '../contract/files.ts';
import { awsLambdaDefaults } from '../targets/aws-lambda/defaults.ts';
import { memoryFor } from '../targets/aws-lambda/memory.ts';
import { newLogGroup, newRole } from './execution-role.ts';
import { refuse } from './function-checks.ts';
import type { OnnxFunctionProps } from './function-props.ts';
import { imageCode } from './image-code.ts';
import { OnnxRuntimeLayer, toLambdaArchitecture } from './layer.ts';
import { nodejs24 } from './nodejs24.ts';

/** The properties of the `lambda.Function`, with all our defaults filled in. */
export function toFunctionProps(
  scope: Construct,
  id: string,
  { props, artifact }: { props: OnnxFunctionProps; artifact: Artifact | undefined },
): lambda.FunctionProps {
  refuse(scope, id, { props, artifact });
  const logGroup = props.logGroup ?? newLogGroup(scope, `${id}Logs`);
  const role = props.role ?? newRole(scope, `${id}Role`, { logGroup, inVpc: props.vpc !== undefined });
  const layer = artifact && OnnxRuntimeLayer.of(scope, artifact);
  const memorySize = props.memorySize ?? (artifact === undefined ? 512 : memoryFor(artifact.manifest));
  return {
    ...ownOptions(props),
    ...(artifact?.manifest.package === 'image'
      ? imageOptions(scope, id, { props, artifact, memorySize })
      : {
          ...codeOf(artifact, props.architecture),
          layers: [...(layer === undefined ? [] : [layer]), ...(props.layers ?? [])],
        }),
    memorySize,
    timeout: props.timeout ?? Duration.seconds(awsLambdaDefaults.timeoutSeconds),
    loggingFormat: props.loggingFormat ?? lambda.LoggingFormat.JSON,
    description: props.description ?? awsLambdaDefaults.describe(artifact?.manifest.name ?? id),
    currentVersionOptions: {
      removalPolicy: props.keepVersions === false ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      ...props.currentVersionOptions,
    },
    logGroup,
    role,
  };
}

/** Whether the function needs an alias: one is named, or a property that only applies to versions is set. */
export function hasAlias({ alias, rollout, provisionedConcurrency, snapStart }: OnnxFunctionProps): boolean {
  return [alias, rollout, provisionedConcurrency, snapStart].some(option => option !== undefined);
}

/**
 * Returns the properties of `lambda.Function`. With an alias, those that configure the alias and event sources are left
 * out.
 */
function ownOptions(props: OnnxFunctionProps): lambda.FunctionOptions {
  const {
    model,
    score,
    samples,
    config,
    artifact,
    engine,
    runtime,
    sinks,
    secrets,
    imageRepository,
    packaging,
    ...rest
  } = props;
  const {
    alias,
    rollout,
    provisionedConcurrency,
    budget,
    events,
    failureKey,
    keepVersions,
    alarmActions,
    ...options
  } = rest;
  if (!hasAlias(props)) {
    return options;
  }
  const { onSuccess, onFailure, maxEventAge, retryAttempts, ...unaliased } = options;
  return unaliased;
}

/** Lambda sets the heap size of its own Node runtime; in other images, NODE_OPTIONS sets it. */
function imageOptions(
  scope: Construct,
  id: string,
  { props, artifact, memorySize }: { props: OnnxFunctionProps; artifact: Artifact; memorySize: number },
): Pick<lambda.FunctionProps, 'code' | 'handler' | 'runtime' | 'architecture' | 'environment'> {
  const heap: Record<string, string> = Token.isUnresolved(memorySize)
    ? {}
    : { NODE_OPTIONS: `--max-old-space-size=${memorySize - Math.floor(memorySize / 10)}` };
  return {
    ...imageCode(scope, id, { dir: artifact.dir, repository: props.imageRepository }),
    architecture: architectureOf(artifact, props.architecture),
    environment: { ...heap, ...props.environment },
  };
}

function architectureOf(
  { manifest }: Artifact,
  architecture = lambda.Architecture.ARM_64,
): lambda.Architecture {
  return manifest.architecture === 'any' ? architecture : toLambdaArchitecture(manifest.architecture);
}

/** @param architecture - the function's CPU, for an artifact that runs on either */
function codeOf(
  artifact: Artifact | undefined,
  architecture = lambda.Architecture.ARM_64,
): Pick<lambda.FunctionProps, 'code' | 'handler' | 'runtime' | 'architecture'> {
  if (artifact === undefined) {
    // This placeholder cannot be deployed; see `refuseDeployment`.
    return {
      code: lambda.Code.fromInline('// not packed'),
      handler: 'index.handler',
      runtime: nodejs24,
      architecture,
    };
  }
  const { dir, manifest } = artifact;
  return {
    code: lambda.Code.fromAsset(join(dir, FUNCTION_ZIP)),
    handler: manifest.handler,
    runtime: new lambda.Runtime(manifest.runtime, lambda.RuntimeFamily.NODEJS),
    architecture: architectureOf(artifact, architecture),
  };
}
