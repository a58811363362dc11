import { archivesOf, openArtifact } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { awsLambdaDefaults } from '../targets/aws-lambda-defaults.ts';
import { memoryFor } from '../targets/aws-lambda-memory.ts';

export interface EmitOptions {
  /** Of the function. @default the model's */
  name?: string | undefined;
  /** In MB. @default what the model needs */
  memory?: number | undefined;
  /** In seconds. @default 30 */
  timeout?: number | undefined;
}

/** A function for Lambda, every default filled in: the same as OnnxFunction's. */
export interface EmitPlan {
  name: string;
  manifest: Manifest;
  memoryMb: number;
  timeoutSeconds: number;
  functionZip: string;
  /** Absent where the native library is inline. */
  layer?: { zip: string; name: string; description: string };
  architecture: 'arm64' | 'x86_64';
}

/** Lambda's own. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const ranges = { memory: [128, 10_240], timeout: [1, 900] } as const;
const functionName = /^[a-zA-Z0-9-_]{1,64}$/;

/** @throws ColdpressError OPTION_INVALID, OPTION_OUT_OF_RANGE, ARTIFACT_INVALID, and what `openArtifact` throws */
export function planEmit(dir: string, options: EmitOptions): EmitPlan {
  const artifact = openArtifact(dir, { target: 'aws-lambda' });
  const { manifest } = artifact;
  const { versions } = manifest;
  const name = options.name ?? manifest.name.replaceAll('.', '-');
  if (!functionName.test(name)) {
    throw new ColdpressError('OPTION_INVALID', `--name is ${name}`, {
      hint: 'up to 64 letters, digits, - and _',
    });
  }
  for (const [option, [least, most]] of Object.entries(ranges) as [keyof typeof ranges, [number, number]][]) {
    const value = options[option] ?? least;
    if (value < least || value > most) {
      throw new ColdpressError('OPTION_OUT_OF_RANGE', `--${option} is ${value}`, {
        hint: `Lambda takes ${least} to ${most}`,
      });
    }
  }
  const { functionZip, layerZip } = archivesOf(artifact);
  return {
    name,
    manifest,
    memoryMb: options.memory ?? memoryFor(manifest),
    timeoutSeconds: options.timeout ?? awsLambdaDefaults.timeoutSeconds,
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
