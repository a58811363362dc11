import type { Datatype, Dimension, Signature } from '../contract/manifest.ts';
import type { ColdpressError } from '../errors.ts';
import { findModelObstacles } from './checks.ts';
import { type ExternalFile, inspectExternalData } from './external-data.ts';
import { fitTargets, type Obstacle, type TargetFit } from './fit.ts';
import { hashFile } from './hash.ts';
import { rewriteModel } from './passes/index.ts';
import { type Model, type OnnxModel, readOutline } from './read.ts';
import { modelSignature, tensorSpec, toManifestSignature, type Value } from './signature.ts';
import { countOperators, countParameters, type OperatorCount } from './statistics.ts';
import { formatType } from './types.ts';

/** What a model file is, and what stands in the way of packing it. Plain data. */
export type ModelReport = CommonReport &
  (({ format: 'onnx' } & OnnxDetails) | { format: 'ort'; ortVersion: string });

export interface CommonReport {
  path: string;
  sizeBytes: number;
  /** Of the model file alone, without external data; only where it was asked for. */
  sha256?: string;
  /** What the model takes and gives as it is. */
  signature: { inputs: ReportedValue[]; outputs: ReportedValue[] };
  /** Rewrites that packing would apply. */
  rewrites: { name: string; reason: string }[];
  /** What a packed model would take and give, after the rewrites. */
  packedSignature: Signature;
  /** Weights beside the model, found and safe. */
  externalData: ExternalFile[];
  /** What keeps every target from running it. */
  obstacles: Obstacle[];
  targets: TargetFit[];
}

export interface ReportedValue {
  name: string;
  /** As ONNX has it: `float[N,30]`, `sequence<map<int64,float>>`. */
  type: string;
  /** `null` for what the Open Inference Protocol has no word for. */
  datatype: Datatype | null;
  shape: Dimension[] | null;
}

export interface OnnxDetails {
  irVersion: number;
  opsets: { domain: string; version: number }[];
  producer: { name: string; version: string };
  description: string;
  metadata: Record<string, string>;
  /** Of the graph, its subgraphs and functions. */
  operators: OperatorCount[];
  functions: number;
  parameters: { count: number; sizeBytes: number };
}

/**
 * Inspects a model without opening it in an engine, and without reading its weights.
 * Throws a `ColdpressError` for what is not a model; what only keeps it from being packed stands in the report.
 */
export async function inspectModel(path: string, options: { sha256?: boolean } = {}): Promise<ModelReport> {
  const model = await readOutline(path);
  const report = describeModel(model, await inspectExternalData(model));
  return options.sha256 === true ? { ...report, sha256: await hashFile(path) } : report;
}

/** The part of inspection that touches no file. */
export function describeModel(
  model: Model,
  external: { files: ExternalFile[]; problems: ColdpressError[] },
): ModelReport {
  const rewriting = rewriteModel(model);
  const { applied, model: rewritten } = rewriting;
  const errors = [...external.problems, ...findModelObstacles(rewritten)];
  const obstacles = errors.map(({ code, message, hint }) => ({ code, message, hint: hint ?? '' }));
  const externalBytes = external.files.reduce((sum, file) => sum + file.sizeBytes, 0);
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
    targets: fitTargets(model.bytes.length + externalBytes, obstacles),
  };
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
    parameters: countParameters(proto),
  };
}
