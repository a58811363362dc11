import { create } from '@bufbuild/protobuf';
import type { Dimension, Signature } from '../../contract/manifest.ts';
import type { OutputMetadata } from '../../runtime/probe/types.ts';
import { findModelObstacles } from '../checks.ts';
import { lackingKernel, mistypedValue } from '../engine-errors.ts';
import type { ExternalFile } from '../external-data.ts';
import { TensorProto_DataType as Type, type TypeProto, TypeProtoSchema } from '../onnx_pb.ts';
import { type Rewriting, rewriteModel } from '../passes/index.ts';
import type { EngineFacts } from '../passes/pass.ts';
import type { Model } from '../read.ts';
import { modelSignature, toManifestSignature } from '../signature.ts';
import { type EngineLimits, type EngineProcess, expectAnswer } from './engine-process.ts';
import type { Openable } from './openable.ts';
import { shareEngine } from './shared-engine.ts';
import { type Staged, stageModel } from './stage.ts';

/** A model before it is optimised: rewritten and opened by the engine, with its inputs and outputs. */
export interface Reference extends Openable {
  rewriting: Rewriting;
  signature: Signature;
  source: Staged;
  /** Output shapes that the engine infers, by the engine's names. */
  inferred: ReadonlyMap<string, Dimension[]>;
  /** A process with the model open. The caller closes it. */
  running: EngineProcess;
}

export interface ReferenceOptions {
  external: ExternalFile[];
  /** An empty folder, for the rewritten model. */
  work: string;
  limits: EngineLimits;
  /** How the engine opens it. @default its own defaults */
  options?: Openable['options'];
}

/**
 * Rewrites a model until ONNX Runtime opens it. Only the engine knows which kernels it lacks and which types it infers,
 * so its messages about one rewriting are facts for the next.
 * @throws ColdpressError if the engine cannot open it
 */
export async function openReference(
  model: Model,
  { external, work, limits, options = {} }: ReferenceOptions,
): Promise<Reference> {
  for (let facts: Partial<EngineFacts> = {}; ; ) {
    const rewriting = rewriteModel(model, facts);
    const obstacles = findModelObstacles(rewriting.model);
    const untyped = obstacles.some(isUntyped) && facts.outputTypes === undefined;
    const obstacle = obstacles.find(error => !(untyped && isUntyped(error)));
    if (obstacle !== undefined) {
      throw obstacle;
    }
    const { env } = rewriting;
    const source = await stageModel(rewriting, external, work);
    const running = shareEngine(limits, { env });
    const { path } = source;
    const opened = await running.request({ op: 'open', path, options });
    const learnt = opened.kind === 'refused' ? learnFrom(opened.message, rewriting) : undefined;
    if (learnt !== undefined) {
      facts = { ...facts, ...learnt };
    } else if (untyped && opened.kind === 'answered') {
      facts = { ...facts, outputTypes: typesOf(opened.outputs, rewriting) };
    } else {
      try {
        const { outputs } = expectAnswer(opened, 'open the model');
        const { signature } = toManifestSignature(modelSignature(rewriting.model), rewriting);
        const inferred = new Map(outputs.map(output => [output.name, toShape(output)]));
        return { path, options, env, rewriting, signature, source, inferred, running };
      } catch (error) {
        running.close();
        throw error;
      }
    }
    running.close();
  }
}

/** Returns new facts in a refusal that another rewriting may use; `undefined` if there are none. */
export function learnFrom(
  message: string,
  { facts: { lacking, mistyped }, names }: Rewriting,
): Partial<EngineFacts> | undefined {
  const operator = lackingKernel(message);
  if (operator !== undefined && !lacking.has(operator)) {
    return { lacking: new Set([...lacking, operator]) };
  }
  const value = mistypedValue(message);
  const name = names.get(value?.name ?? '') ?? value?.name;
  const type = elementNames[value?.type ?? ''];
  return name === undefined || type === undefined || mistyped.has(name)
    ? undefined
    : { mistyped: new Map([...mistyped, [name, type]]) };
}

/** Types that operators determine themselves, whatever a model declares. */
const elementNames: Partial<Record<string, number>> = {
  float: Type.FLOAT,
  double: Type.DOUBLE,
  int32: Type.INT32,
  int64: Type.INT64,
  bool: Type.BOOL,
  string: Type.STRING,
};

function isUntyped({ code }: { code: string }): boolean {
  return code === 'OUTPUT_UNTYPED';
}

/** Returns the types of tensors. Other outputs stay without a type and are rejected for it. */
export function typesOf(outputs: OutputMetadata[], { names }: Rewriting): EngineFacts['outputTypes'] {
  return new Map(
    outputs.flatMap(output =>
      output.isTensor ? [[names.get(output.name) ?? output.name, toType(output)] as const] : [],
    ),
  );
}

function toShape({ shape = [], symbolicDimensions = [] }: OutputMetadata): Dimension[] {
  return shape.map((size, axis) => (size >= 0 ? size : symbolicDimensions[axis] || -1));
}

function toType({ type = 0, shape = [], symbolicDimensions = [] }: OutputMetadata): TypeProto {
  const dim = shape.map((size, axis) => {
    const name = symbolicDimensions[axis] ?? '';
    if (size >= 0) {
      return { value: { case: 'dimValue' as const, value: BigInt(size) } };
    }
    return name === '' ? {} : { value: { case: 'dimParam' as const, value: name } };
  });
  return create(TypeProtoSchema, {
    // The engine reports an open rank like that of a scalar.
    value: { case: 'tensorType', value: { elemType: type, ...(dim.length > 0 && { shape: { dim } }) } },
  });
}
