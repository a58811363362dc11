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
   * The smallest size of each dimension that a request may have. It is 0 only if the engine is proven to survive an
   * empty dimension, and more than 1 if a dimension of 1 has crashed it. Empty if the rank is not declared; then no
   * dimension may be 0.
   */
  minShape: number[];
  /**
   * Whether its text names categories. A record may then omit it, which means the empty string, or contain numbers and
   * booleans, which are spelled as in JSON.
   */
  category?: true;
  /** Whether its numbers may be missing. A record may then omit them or contain null, which means NaN. */
  mayBeMissing?: true;
  /** Whether the model has a default for it, so that a request may omit it. */
  optional?: true;
}

/** Returns the engine's name of an input or output. */
export function engineNameOf({ name, engineName = name }: Pick<TensorSpec, 'name' | 'engineName'>): string {
  return engineName;
}

/** Inputs and outputs of a model. */
export interface Signature {
  inputs: InputSpec[];
  outputs: TensorSpec[];
}

/** Bounds on the values that the model's operators make of a request, by its sizes. Only the largest are kept. */
export interface SizeBounds {
  /** Each entry is the largest of its sizes in a request. */
  sizes: SizeOfInput[][];
  bounds: SizeBound[];
  /** Outputs whose dimensions equalled the sizes of the inputs that they are named after in every run. */
  outputs?: SizedOutput[];
}

/** The dimensions of an output. */
export interface SizedOutput {
  name: string;
  dims: SizeTerm[][];
}

/** The size of a dimension of an input, by the engine's name; with axis -1, the characters of its longest string. */
export type SizeOfInput = [input: string, axis: number];

/** Maximum number of elements that an operator makes: the product of its dimensions. */
export interface SizeBound {
  operator: string;
  dims: SizeTerm[][];
}

/** A term of a dimension, which is the sum of its terms: a factor, and indices of the sizes that multiply it. */
export type SizeTerm = [factor: number, ...sizes: number[]];

/** Whether records may share a run of the model. */
export type Rows =
  /** A record gets the same numbers as alone, whatever records are next to it: proven when packing. */
  | { independent: true }
  /** Not the case, or unknown, for this reason: each record has a run of its own. */
  | { independent: false; reason: string };

export type Architecture = 'arm64' | 'x64';

/** The CPU that a packed function needs; `any` if it has no native files. */
export type PackedArchitecture = Architecture | 'any';

/** Whether a packed function runs on a CPU. */
export function runsOn(packed: PackedArchitecture, cpu: string): boolean {
  return packed === 'any' || packed === cpu;
}

export interface FileEntry {
  path: string;
  sizeBytes: number;
  sha256: string;
  /** Why the file is in the artifact, for readers. */
  reason: string;
  /** The published file that a native file is a copy of. */
  origin?: FileOrigin;
}

/** A file of an npm package. */
export interface FileOrigin {
  package: string;
  version: string;
  /** Path in the package. */
  file: string;
  /** Hash of the package's archive, as in npm's lock files. Absent for your own packages: your lock file has it. */
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

/** Parts of the weight file that are read before they are used; `path` is relative to the model. */
export interface ReadAhead {
  path: string;
  /** Parts that every inference needs, in the file's order. */
  ranges: [offset: number, lengthBytes: number][];
  /** Tables of which an inference needs a few rows. */
  lookups?: Lookup[];
}

/** A table of `rows` rows from `offset`, indexed by the integers of an input. */
export interface Lookup {
  input: string;
  offset: number;
  rows: number;
  rowBytes: number;
}

/** ONNX Runtime with its native library. */
export interface NativeEngine {
  name: 'onnxruntime';
  /**
   * `inline`: the native files are in the function, at `path`. `layer`: they come from a layer, found through
   * NODE_PATH as the module `path`. `host`: the model is pressed, not packed, and uses the machine's own files.
   */
  native: 'inline' | 'layer' | 'host';
  path: string;
}

/** Plain JavaScript: the model is a program of kernels and runs wherever Node does. */
export interface CompiledEngine {
  name: 'compiled';
}

/** The engine that computes the model. */
export type EngineSettings = NativeEngine | CompiledEngine;

/** Samples that a model's answers were compared with, because ONNX Runtime cannot run the model. */
export interface SamplesProof {
  by: 'samples';
  rows: number;
}

/** Version of the manifest; manifests with other versions are rejected. */
export const SCHEMA_VERSION = 2;

/** Describes a pressed model, with all that is needed to open it. */
export interface PressedManifest {
  schemaVersion: typeof SCHEMA_VERSION;
  name: string;
  versions: { coldpress: string; onnxruntime: string };
  engine: EngineSettings;
  /** How its answers were proven. Absent if they were compared with ONNX Runtime's. */
  proof?: SamplesProof;
  model: {
    /** The file that the engine opens: an ONNX model or a compiled program. */
    path: string;
    /** SHA-256 of the original model file. */
    sha256: string;
    /** Size of the original model file in bytes, including external data. */
    sizeBytes: number;
    /** Names of the rewrites that were applied to the original model, in order. */
    passes: string[];
    session: SessionOptions;
    /** Environment variables that ONNX Runtime must see before it opens the model. */
    env?: Record<string, string>;
    /** Weights in a separate file that are worth reading before they are used. */
    readAhead?: ReadAhead;
  };
  signature: Signature;
  rows: Rows;
  /** `undefined` if the sizes of a request do not decide how much is made, or no bounds could be learnt. */
  bounds?: SizeBounds;
  /** Whether the model's folder contains a golden vector, an inference with its answer. */
  golden: { kept: true } | { kept: false; reason: string };
  /** Names of the columns of a tabular model's single input, in order. */
  features?: string[];
}

/** Describes a packed function, with every setting of the config: the file `coldpress.json` in the artifact. */
export interface Manifest extends PressedManifest, Settings {
  /** The profile by which rows are counted, if there is one. */
  profile?: { id: string };
  /** The entry point in the platform's notation: `index.handler`; for a container, the module to run. */
  handler: string;
  target: 'aws-lambda' | 'gcf' | 'container';
  /** `image` if AWS Lambda receives an image, which `coldpress image` builds. Absent for zip archives. */
  package?: 'image';
  architecture: PackedArchitecture;
  /** The platform's name for the runtime: `nodejs24.x`; for a container, `node24`. */
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

/** Parses a manifest. Throws a plain `Error` that explains what is wrong with it. */
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
