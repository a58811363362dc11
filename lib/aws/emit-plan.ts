import { join } from 'node:path';
import { FUNCTION_ZIP, LAYER_ZIP } from '../contract/files.ts';
import type { Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { openArtifact } from '../local/artifact.ts';
import { awsLambdaDefaults } from '../targets/aws-lambda-defaults.ts';
import { memoryFor } from '../targets/aws-lambda-memory.ts';
import { missingArchive } from './missing-archive.ts';

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
export async function planEmit(dir: string, options: EmitOptions): Promise<EmitPlan> {
  const { manifest } = await openArtifact(dir);
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
  const missing = missingArchive(dir, manifest);
  if (missing !== undefined) {
    throw new ColdpressError('ARTIFACT_INVALID', `${dir} cannot be deployed: ${missing} is missing`, {
      hint: 'pack it again',
    });
  }
  return {
    name,
    manifest,
    memoryMb: options.memory ?? memoryFor(manifest),
    timeoutSeconds: options.timeout ?? awsLambdaDefaults.timeoutSeconds,
    functionZip: join(dir, FUNCTION_ZIP),
    ...(manifest.layer !== undefined && {
      layer: {
        zip: join(dir, LAYER_ZIP),
        name: manifest.layer.name.replaceAll('.', '-'),
        description: `ONNX Runtime ${versions.onnxruntime} for ${manifest.architecture}, by coldpress`,
      },
    }),
    architecture: manifest.architecture === 'x64' ? 'x86_64' : 'arm64',
  };
}
