import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from '../onnx_pb.ts';
import type { Model } from '../read.ts';
import { declaredOutputs } from './declared-outputs.ts';
import { dictionaryInputs } from './dictionary-inputs.ts';
import { edgeCasts } from './edge-casts.ts';
import { engineNames } from './engine-names.ts';
import { float4Inputs } from './float4-inputs.ts';
import { implicitOpset } from './implicit-opset.ts';
import { integerDivision } from './integer-division.ts';
import { kernelFaults } from './kernel-faults.ts';
import { missingKernels } from './missing-kernels.ts';
import { oldOpsets } from './old-opsets.ts';
import type { EngineFacts, Pass, PassContext } from './pass.ts';
import { previewOpset } from './preview-opset.ts';
import { requestedSizes } from './requested-sizes.ts';
import { sequenceOutputs } from './sequence-outputs.ts';
import { stringNormalizer } from './string-normalizer.ts';
import { swish } from './swish.ts';
import { zipMap } from './zip-map.ts';

/** Every rewrite, in the order in which they are tried. */
const passes: readonly Pass[] = [
  implicitOpset,
  sequenceOutputs,
  declaredOutputs,
  oldOpsets,
  swish,
  previewOpset,
  zipMap,
  dictionaryInputs,
  float4Inputs,
  edgeCasts,
  missingKernels,
  stringNormalizer,
  integerDivision,
  requestedSizes,
  kernelFaults,
  engineNames,
];

export interface Rewriting<M extends Model = Model> {
  /** A new model if something was applied, else the given one. */
  model: M;
  applied: { name: string; reason: string }[];
  /** Names of columns, by output. */
  labels: Map<string, (string | number)[]>;
  /** Original names of inputs and outputs, by the names that the engine uses. */
  names: Map<string, string>;
  /** Environment variables that ONNX Runtime must see before it opens the model. */
  env: Record<string, string>;
  /** The facts that the rewrites used. */
  facts: EngineFacts;
}

/** Rewrites a model so that an engine can run it, with the same results. The given model stays unchanged. */
export function rewriteModel<M extends Model>(
  model: M,
  {
    engine = 'onnxruntime',
    lacking = new Set(),
    outputTypes = new Map(),
    mistyped = new Map(),
  }: Partial<EngineFacts> = {},
): Rewriting<M> {
  const facts: EngineFacts = { engine, lacking, outputTypes, mistyped };
  if (model.format === 'ort') {
    return { model, applied: [], labels: new Map(), names: new Map(), env: {}, facts };
  }
  const context: PassContext = {
    proto: fromBinary(ModelProtoSchema, model.bytes),
    facts,
    labels: new Map(),
    names: new Map(),
    env: {},
  };
  const applied = passes.flatMap(({ name, engine: only = engine, apply }) => {
    const reason = only === engine ? apply(context) : undefined;
    return reason === undefined ? [] : { name, reason };
  });
  const { proto, labels, names, env } = context;
  return { model: applied.length === 0 ? model : { ...model, proto }, applied, labels, names, env, facts };
}
