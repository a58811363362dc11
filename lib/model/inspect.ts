import { createHash } from 'node:crypto';
import type { ColdpressError } from '../errors.ts';
import type { Signature } from '../manifest.ts';
import { findObstacles } from './checks.ts';
import { type ExternalFile, inspectExternalData } from './external-data.ts';
import { fitTargets, type Obstacle, type TargetFit } from './fit.ts';
import { rewriteModel } from './passes/index.ts';
import { type Model, type OnnxModel, readModel } from './read.ts';
import { type OnnxSignature, readSignature, toManifestSignature } from './signature.ts';
import { countOperators, countParameters, type OperatorCount } from './statistics.ts';

/** What a model file is, and what stands in the way of packing it. Plain data. */
export interface ModelReport {
  path: string;
  format: Model['format'];
  sizeBytes: number;
  /** Of the model file alone, without external data; only where it was asked for. */
  sha256?: string;
  /** Absent for an ORT-format model. */
  onnx?: OnnxDetails;
  /** Weights beside the model, found and safe. */
  externalData: ExternalFile[];
  /** What a packed model would take and give, after the rewrites. */
  signature: Signature;
  /** Rewrites that packing would apply. */
  rewrites: { name: string; reason: string }[];
  /** What keeps every target from running it. */
  obstacles: Obstacle[];
  targets: TargetFit[];
}

export interface OnnxDetails {
  irVersion: number;
  opsets: { domain: string; version: number }[];
  producer: { name: string; version: string };
  description: string;
  metadata: Record<string, string>;
  /** What the model takes and gives as it is, in ONNX's own types. */
  signature: OnnxSignature;
  /** Of the graph, its subgraphs and functions. */
  operators: OperatorCount[];
  functions: number;
  parameters: { count: number; sizeBytes: number };
}

/**
 * Inspects a model without opening it in an engine.
 * Throws a `ColdpressError` for what is not a model; what only keeps it from being packed stands in the report.
 */
export async function inspectModel(path: string, options: { sha256?: boolean } = {}): Promise<ModelReport> {
  const model = await readModel(path);
  const external = await inspectExternalData(model);
  const report = describeModel(model, external);
  // Hashing takes longer than all the rest: 2 to 5 seconds a gigabyte without SHA instructions.
  return options.sha256 === true ? { ...report, sha256: hashModel(model) } : report;
}

/** SHA-256 of the model file, in hexadecimal. */
export function hashModel({ bytes }: Model): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The part of inspection that touches no file. */
export function describeModel(
  model: Model,
  external: { files: ExternalFile[]; problems: ColdpressError[] },
): ModelReport {
  const { applied, labels, model: rewritten } = rewriteModel(model);
  const errors = [
    ...external.problems,
    ...(rewritten.format === 'ort' ? [] : findObstacles(rewritten.proto)),
  ];
  const obstacles = errors.map(({ code, message, hint }) => ({ code, message, hint: hint ?? '' }));
  const externalBytes = external.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return {
    path: model.path,
    format: model.format,
    sizeBytes: model.bytes.length,
    ...(model.format === 'onnx' ? { onnx: describeOnnx(model) } : {}),
    externalData: external.files,
    signature:
      rewritten.format === 'ort'
        ? { inputs: [], outputs: [] }
        : toManifestSignature(readSignature(rewritten.proto), labels).signature,
    rewrites: applied,
    obstacles,
    targets: fitTargets(model.bytes.length + externalBytes, obstacles),
  };
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
    signature: readSignature(proto),
    operators: countOperators(proto),
    functions: proto.functions.length,
    parameters: countParameters(proto),
  };
}
