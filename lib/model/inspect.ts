import { rm } from 'node:fs/promises';
import { ColdpressError } from '../errors.ts';
import { hashFile } from '../hash-file.ts';
import { explainSystemError } from '../system-error.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { findModelObstacles } from './checks.ts';
import type { CommonReport, ReportedValue } from './common-report.ts';
import { findUncovered } from './compile/uncovered.ts';
import { EngineRefusedError } from './engine-errors.ts';
import { type ExternalFile, inspectExternalData } from './external-data.ts';
import { fitTargets, type Obstacle } from './fit.ts';
import { type BoosterReport, describeBooster } from './formats/describe.ts';
import { readBooster } from './formats/read-booster.ts';
import type { Value } from './outline-types.ts';
import { type Rewriting, rewriteModel } from './passes/index.ts';
import { compileRefused, wouldCompile } from './press/answer-compiled.ts';
import type { EngineLimits } from './press/engine-process.ts';
import { limitsFor } from './press/limits.ts';
import { openReference } from './press/open-reference.ts';
import { randomOperatorsOf } from './random-operators.ts';
import { type Model, type OnnxModel, readOutline } from './read.ts';
import { modelSignature, tensorSpec, toManifestSignature } from './signature.ts';
import { countOperators, countParameters, type OperatorCount } from './statistics.ts';
import { formatType } from './types.ts';

/** Describes a model file and what prevents packing it. Plain data. */
export type ModelReport =
  | (CommonReport & (({ format: 'onnx' } & OnnxDetails) | { format: 'ort'; ortVersion: string }))
  | BoosterReport;

export interface OnnxDetails {
  irVersion: number;
  opsets: { domain: string; version: number }[];
  producer: { name: string; version: string };
  description: string;
  metadata: Record<string, string>;
  /** Operators of the graph, its subgraphs and functions. */
  operators: OperatorCount[];
  functions: number;
  /** Operators that draw random numbers: the model's answers differ each time, so it has no golden vector. */
  randomOperators: string[];
  parameters: { count: number; sizeBytes: number };
}

/** Options of `inspectModel`. */
export interface InspectOptions {
  /**
   * Adds the SHA-256 of the file. Slow for large files.
   * @default false
   */
  sha256?: boolean;
  /**
   * Opens the model with ONNX Runtime in a child process, which finds operators that it lacks. Models larger than 256
   * MB are not opened. The model is never run.
   * @default true
   */
  open?: boolean;
}

/** No Lambda function can hold a larger model. */
const maxOpenedBytes = 2 ** 28;

/**
 * Inspects a model without running it, and without reading its weights unless they have to be rewritten.
 * @throws ColdpressError if the file is not a model; anything that only prevents packing is in the report
 */
export async function inspectModel(path: string, options: InspectOptions = {}): Promise<ModelReport> {
  const booster = await readBooster(path);
  if (booster !== undefined) {
    return describeBooster(booster, options);
  }
  const model = await readOutline(path);
  const external = await inspectExternalData(model);
  const report = describeModel(model, external);
  const bytes = report.sizeBytes + external.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const isOpenable = report.obstacles.every(({ code }) => code === 'OUTPUT_UNTYPED');
  const opened =
    options.open !== false && isOpenable && bytes <= maxOpenedBytes
      ? describeModel(model, external, await tryToOpen(model, external.files, bytes))
      : report;
  return options.sha256 === true ? { ...opened, sha256: await hashFile(path) } : opened;
}

/** Whether the engine opened the model, or why not. */
async function tryToOpen(model: Model, files: ExternalFile[], sizeBytes: number): Promise<Opening> {
  const work = await makeTemporaryFolder({ purpose: 'inspect' });
  const limits = limitsFor(sizeBytes, model);
  try {
    // Optimisation is off so that the engine computes nothing.
    const options = { graphOptimizationLevel: 'disabled' } as const;
    const { rewriting, running } = await openReference(model, { external: files, work, limits, options });
    running.close();
    return { rewriting };
  } catch (error) {
    if (error instanceof EngineRefusedError) {
      return openCompiled(error, model, { external: files, limits });
    }
    if (error instanceof ColdpressError) {
      return { rewriting: rewriteModel(model), refusal: error };
    }
    throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Tries the compiled engine on a model that ONNX Runtime rejects. */
async function openCompiled(
  error: EngineRefusedError,
  { path }: Model,
  options: { external: ExternalFile[]; limits: EngineLimits },
): Promise<Opening> {
  const compiled = await compileRefused(error, { path, ...options }).catch((cause: unknown) => {
    const explained = explainSystemError(cause);
    if (explained instanceof ColdpressError) {
      return explained;
    }
    throw explained;
  });
  return compiled instanceof ColdpressError
    ? { rewriting: rewriteModel(await readOutline(path)), refusal: compiled }
    : { rewriting: compiled.rewriting, needsSamples: wouldCompile(error) };
}

interface Opening {
  rewriting: Rewriting;
  /** Why no engine can run it. */
  refusal?: ColdpressError;
  /** Why ONNX Runtime cannot run it, if samples would prove the answers of the compiled engine. */
  needsSamples?: ColdpressError;
}

/**
 * The part of inspection that reads no files.
 * @param opening - the engine's result, if it tried to open the model
 */
export function describeModel(
  model: Model,
  external: { files: ExternalFile[]; problems: ColdpressError[] },
  opening?: Opening,
): ModelReport {
  const { rewriting, refusal, needsSamples }: Opening = opening ?? { rewriting: rewriteModel(model) };
  const { applied, model: rewritten } = rewriting;
  const errors = [
    ...external.problems,
    ...(refusal === undefined ? findModelObstacles(rewritten) : [refusal]),
  ];
  const obstacles = errors.map(toObstacle);
  const externalBytes = external.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const notCompilable = findUncovered(rewritten);
  const { inputs, outputs } = modelSignature(model);
  return {
    path: model.path,
    sizeBytes: model.bytes.length,
    ...(model.format === 'onnx'
      ? { format: model.format, ...describeOnnx(model) }
      : { format: model.format, ortVersion: model.outline.ortVersion }),
    signature: { inputs: inputs.map(reportValue), outputs: outputs.map(reportValue) },
    rewrites: applied,
    packedSignature: toManifestSignature(modelSignature(rewritten), rewriting).signature,
    externalData: external.files,
    obstacles,
    opened: opening !== undefined && refusal === undefined && needsSamples === undefined,
    ...(needsSamples && { needsSamples: toObstacle(needsSamples) }),
    ...(notCompilable !== undefined && { notCompilable }),
    targets: fitTargets(model.bytes.length + externalBytes, obstacles),
  };
}

function toObstacle({ code, message, hint = '' }: ColdpressError): Obstacle {
  return { code, message, hint };
}

function reportValue(value: Value): ReportedValue {
  const { datatype = null } = tensorSpec(value) ?? {};
  const shape = 'shape' in value.type ? value.type.shape : null;
  return { name: value.name, type: formatType(value.type), datatype, shape };
}

function describeOnnx({ proto }: OnnxModel): OnnxDetails {
  return {
    irVersion: Number(proto.irVersion),
    opsets: proto.opsetImport.map(({ domain, version }) => ({
      domain: domain || 'ai.onnx',
      version: Number(version),
    })),
    producer: { name: proto.producerName, version: proto.producerVersion },
    description: proto.docString,
    metadata: Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value])),
    operators: countOperators(proto),
    functions: proto.functions.length,
    randomOperators: randomOperatorsOf(proto),
    parameters: countParameters(proto),
  };
}
