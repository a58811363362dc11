import type { Datatype } from './datatypes.ts';
import type { Settings } from './settings.ts';

/**
 * The manifest, `coldpress.json` inside every packed function: the only contract between build time and run time.
 * Plain data; paths are relative to the function's folder and use forward slashes.
 */

export type { Datatype } from './datatypes.ts';

/** A dimension: its size, the name of a symbolic one, or -1 for a dynamic one without a name. */
export type Dimension = number | string;

/** An input or output of a model. */
export interface TensorSpec {
  name: string;
  /** Name of the tensor in the engine, if it differs. */
  engineName?: string;
  datatype: Datatype;
  /** Dimensions in row-major order. `null` if the model does not declare its rank. */
  shape: Dimension[] | null;
  /**
   * The axis that counts records: 0 in most tensors, 1 for a shape like `[layers, N, hidden]`. `null` if the tensor
   * belongs to the whole run, for example a list of detected objects.
   */
  rowAxis: number | null;
  /** Computed only if a request names it. */
  onRequest?: true;
  /** Names of the columns of the last axis, if the model has them: the class labels of a removed ZipMap. */
  labels?: (string | number)[];
}

export interface InputSpec extends TensorSpec {
  /**
   * The least size of each dimension that a request may have. 0 only where the engine has been proven to survive an
   * empty dimension; more than 1 where a dimension of 1 has killed it. Where the rank is not declared there are none,
   * and no dimension may be 0.
   */
  minShape: number[];
  /**
   * Its text names categories: a record may leave it out, which is the empty string, and may have numbers and booleans,
   * which are spelled as in JSON.
   */
  category?: true;
  /** Its numbers may be missing: a record may leave them out or have null, which is NaN. */
  mayBeMissing?: true;
  /** It has a default in the model and may be left out of a request. */
  optional?: true;
}

/** What the engine calls an input or output. */
export function engineNameOf({ name, engineName = name }: Pick<TensorSpec, 'name' | 'engineName'>): string {
  return engineName;
}

/** Inputs and outputs of a model. */
export interface Signature {
  inputs: InputSpec[];
  outputs: TensorSpec[];
}

/** What the sizes of a request let the model's operators make, as far as it is more than others make. */
export interface SizeBounds {
  /** Each the greatest of some sizes of a request. */
  sizes: SizeOfInput[][];
  bounds: SizeBound[];
  /** What outputs have: those whose dimensions were, in every run, the sizes of inputs that they are named after. */
  outputs?: SizedOutput[];
}

/** The dimensions of an output. */
export interface SizedOutput {
  name: string;
  dims: SizeTerm[][];
}

/** Of an input, by the engine's name, the size of a dimension, or with -1 the characters of its longest string. */
export type SizeOfInput = [input: string, axis: number];

/** Elements that an operator makes, at most: the product of its dimensions. */
export interface SizeBound {
  operator: string;
  dims: SizeTerm[][];
}

/** A part of a dimension, which is the sum of them: a factor, and indices of the sizes that it is multiplied by. */
export type SizeTerm = [factor: number, ...sizes: number[]];

/** Whether records may share a run of the model. */
export type Rows =
  /** A record gets the numbers that it gets alone, whatever is beside it: proven when packing. */
  | { independent: true }
  /** That is not so, or not known, for this reason: each record has a run of its own. */
  | { independent: false; reason: string };

export type Architecture = 'arm64' | 'x64';

/** What a packed function runs on: `any` where it has no native files. */
export type PackedArchitecture = Architecture | 'any';

/** Whether what was packed runs on a CPU. */
export function runsOn(packed: PackedArchitecture, cpu: string): boolean {
  return packed === 'any' || packed === cpu;
}

export interface FileEntry {
  path: string;
  sizeBytes: number;
  sha256: string;
  /** Why the file is in the artifact, for a reader. */
  reason: string;
  /** Of native files alone: the published file that it is a copy of. */
  origin?: FileOrigin;
}

/** A file of an npm package. */
export interface FileOrigin {
  package: string;
  version: string;
  /** Path in the package. */
  file: string;
  /** Of the package's archive, as npm's lock files have it. Absent for your own packages: your lock file has it. */
  integrity?: string;
}

/** A subset of ONNX Runtime's session options, passed on unchanged. */
export interface SessionOptions {
  graphOptimizationLevel?: 'disabled' | 'basic' | 'extended' | 'layout' | 'all';
  intraOpNumThreads?: number;
  interOpNumThreads?: number;
  enableCpuMemArena?: boolean;
  enableMemPattern?: boolean;
  executionMode?: 'sequential' | 'parallel';
  /**
   * ONNX Runtime's session configuration entries, nested at their dots: `{ session: { disable_prepacking: '1' } }`.
   */
  extra?: Record<string, unknown>;
}

/** What is read of the file of weights before it is used; `path` is relative to the model. */
export interface ReadAhead {
  path: string;
  /** What every inference needs, in the file's order. */
  ranges: [offset: number, lengthBytes: number][];
  /** Of which an inference needs a few rows. */
  lookups?: Lookup[];
}

/** A table of `rows` rows from `offset`, that the integers of an input are indices of. */
export interface Lookup {
  input: string;
  offset: number;
  rows: number;
  rowBytes: number;
}

/** ONNX Runtime, by its native library. */
export interface NativeEngine {
  name: 'onnxruntime';
  /**
   * `inline`: the native files lie in the function, at `path`. `layer`: they come from a layer, found through
   * NODE_PATH as the module `path`. `host`: the model is pressed, not packed, and opens with the machine's own.
   */
  native: 'inline' | 'layer' | 'host';
  path: string;
}

/** Plain JavaScript: the model is a program over kernels, and runs wherever Node does. */
export interface CompiledEngine {
  name: 'compiled';
}

/** What computes the model. */
export type EngineSettings = NativeEngine | CompiledEngine;

/** Samples that a model's answers were compared with, where ONNX Runtime has none of its own to compare with. */
export interface SamplesProof {
  by: 'samples';
  rows: number;
}

/** Of the manifest; one of another version is refused. */
export const SCHEMA_VERSION = 2;

/** What a pressed model says of itself; enough to open it. */
export interface PressedManifest {
  schemaVersion: typeof SCHEMA_VERSION;
  name: string;
  versions: { coldpress: string; onnxruntime: string };
  engine: EngineSettings;
  /** How its answers were proven. Absent where they were compared with ONNX Runtime's. */
  proof?: SamplesProof;
  model: {
    /** What the engine opens: an ONNX model, or a compiled program. */
    path: string;
    /** SHA-256 of the model file as the user gave it. */
    sha256: string;
    /** Bytes of the model file as the user gave it, external data included. */
    sizeBytes: number;
    /** Names of the rewrites that made the pressed model from it, in order. */
    passes: string[];
    session: SessionOptions;
    /** Environment variables that ONNX Runtime must see before it opens the model. */
    env?: Record<string, string>;
    /** Weights in a file of their own, worth reading before they are used. */
    readAhead?: ReadAhead;
  };
  signature: Signature;
  rows: Rows;
  /** `undefined` where no size of a request decides how much is made, or none could be learnt. */
  bounds?: SizeBounds;
  /** Whether there is a golden vector, an inference with its answer, in the folder of the model. */
  golden: { kept: true } | { kept: false; reason: string };
  /** Names of the columns of the single input of a tabular model, in order. */
  features?: string[];
}

/** Describes a packed function, with every setting of the config: the file `coldpress.json` in the artifact. */
export interface Manifest extends PressedManifest, Settings {
  /** The profile by which rows are counted, if there is one. */
  profile?: { id: string };
  /** The entry point, as the platform names it: `index.handler`; for a container, the module to run. */
  handler: string;
  target: 'aws-lambda' | 'gcf' | 'container';
  /** `image` if AWS Lambda receives an image, which `coldpress image` builds. Absent for zip archives. */
  package?: 'image';
  architecture: PackedArchitecture;
  /** The runtime in the words of the platform: `nodejs24.x`; for a container, `node24`. */
  runtime: string;
  /** `node` is a major version: `24`. */
  versions: { coldpress: string; node: string; onnxruntime: string };
  /** Paths of the assets. */
  assets: string[];
  /** All files of the function except this one. */
  files: FileEntry[];
  layer?: { name: string; files: FileEntry[] };
}

export const MANIFEST_FILE = 'coldpress.json';

/** Reads a manifest's text. Throws a plain `Error` that says what is wrong with it. */
export function parseManifest<M extends PressedManifest = Manifest>(text: string): M {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('schemaVersion' in value)) {
    throw new Error(`${MANIFEST_FILE} is not a coldpress manifest`);
  }
  if (value.schemaVersion !== SCHEMA_VERSION) {
    throw new Error(
      `${MANIFEST_FILE} has schema version ${value.schemaVersion}; this coldpress reads version ${SCHEMA_VERSION}: pack the model again`,
    );
  }
  return value as M;
}
