import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Artifact } from '../artifact.ts';
import { LAYER_ZIP } from '../contract/files.ts';
import { errorAt } from './error-at.ts';
import { openPacked } from './open-packed.ts';

export interface OnnxRuntimeLayerProps {
  /**
   * A folder that `coldpress pack` wrote, with its native library in a layer; or an artifact that has already been
   * read.
   */
  readonly artifact: string | Artifact;
}

/** A layer with one version of ONNX Runtime for one CPU. Its bytes do not depend on the model. */
export class OnnxRuntimeLayer extends lambda.LayerVersion {
  /**
   * The layer that all functions of a stack share; it is created on first use. `undefined` for an artifact with the
   * native library inline. Stacks do not share a layer, because an export would prevent updates.
   */
  static of(scope: Construct, artifact: Artifact): OnnxRuntimeLayer | undefined {
    const { layer } = artifact.manifest;
    if (layer === undefined) {
      return undefined;
    }
    const stack = Stack.of(scope);
    const found = stack.node.tryFindChild(layer.name);
    return (found as OnnxRuntimeLayer | undefined) ?? new OnnxRuntimeLayer(stack, layer.name, { artifact });
  }

  /** @throws ColdpressError ARTIFACT_NOT_FOUND, ARTIFACT_INVALID, LAYER_INLINE */
  constructor(scope: Construct, id: string, { artifact }: OnnxRuntimeLayerProps) {
    const { dir, manifest } = typeof artifact === 'string' ? openPacked(scope, id, artifact) : artifact;
    const { architecture, versions } = manifest;
    if (manifest.layer === undefined) {
      throw errorAt(scope, id, {
        code: 'LAYER_INLINE',
        message: `${dir} has its native library in the function, and no layer`,
        hint: 'pack it with --native layer',
      });
    }
    super(scope, id, {
      code: lambda.Code.fromAsset(join(dir, LAYER_ZIP)),
      description: `ONNX Runtime ${versions.onnxruntime} for ${architecture}, by coldpress`,
      compatibleArchitectures: [toLambdaArchitecture(architecture)],
      license: 'MIT',
    });
  }
}

export function toLambdaArchitecture(
  architecture: Artifact['manifest']['architecture'],
): lambda.Architecture {
  return architecture === 'x64' ? lambda.Architecture.X86_64 : lambda.Architecture.ARM_64;
}
