import { archivesOf, openArtifact } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { awsLambdaDefaults } from '../targets/aws-lambda/defaults.ts';
import { awsLambdaLimits } from '../targets/aws-lambda/limits.ts';
import { memoryFor } from '../targets/aws-lambda/memory.ts';
import { checkRange } from '../targets/range.ts';

export interface EmitOptions {
  /** Name of the function. @default the model's */
  name?: string | undefined;
  /** Memory in MB. @default what the model needs */
  memory?: number | undefined;
  /** Timeout in seconds. @default 30 */
  timeout?: number | undefined;
}

/** A Lambda function to deploy, with all defaults filled in as in OnnxFunction. */
export interface EmitPlan {
  name: string;
  manifest: Manifest;
  memoryMb: number;
  timeoutSeconds: number;
  functionZip: string;
  /** Absent if the native library is inline. */
  layer?: { zip: string; name: string; description: string };
  architecture: 'arm64' | 'x86_64';
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const functionName = /^[a-zA-Z0-9-_]{1,64}$/;

/** @throws ColdpressError OPTION_INVALID, OPTION_OUT_OF_RANGE, ARTIFACT_INVALID, and the errors of `openArtifact` */
export function planEmit(dir: string, options: EmitOptions): EmitPlan {
  const artifact = openArtifact(dir, { target: 'aws-lambda' });
  const { manifest } = artifact;
  const { versions } = manifest;
  const { memoryMb, timeoutSeconds } = awsLambdaLimits;
  const name = options.name ?? manifest.name.replaceAll('.', '-');
  if (!functionName.test(name)) {
    throw new ColdpressError('OPTION_INVALID', `--name is ${name}`, {
      hint: 'up to 64 letters, digits, - and _',
    });
  }
  const { functionZip, layerZip } = archivesOf(artifact);
  return {
    name,
    manifest,
    memoryMb: checkRange('--memory', options.memory ?? memoryFor(manifest), { range: memoryMb, unit: 'MB' }),
    timeoutSeconds: checkRange('--timeout', options.timeout ?? awsLambdaDefaults.timeoutSeconds, {
      range: timeoutSeconds,
      unit: 'seconds',
    }),
    functionZip,
    ...(manifest.layer !== undefined &&
      layerZip !== undefined && {
        layer: {
          zip: layerZip,
          name: manifest.layer.name.replaceAll('.', '-'),
          description: `ONNX Runtime ${versions.onnxruntime} for ${manifest.architecture}, by coldpress`,
        },
      }),
    architecture: manifest.architecture === 'x64' ? 'x86_64' : 'arm64',
  };
}
