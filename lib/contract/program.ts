/**
 * A compiled model: a list of steps over kernels, in JSON, with a weight file next to it. `lib/model/compile` writes
 * it, `lib/runtime/engine/compiled` runs it.
 */
import type { TensorType } from './tensor-data.ts';

export interface Program {
  version: 1;
  /**
   * The weight file, relative to the program, with its size and two checksums to detect damage: ours, and CRC-32, which is
   * in Node's native code.
   */
  weights: { path: string; sizeBytes: number; checksum: number; crc32: number };
  /** The engine's names, in the order of the graph's inputs and outputs. */
  inputs: string[];
  outputs: string[];
  /** Constants that all graphs share. */
  constants: Constant[];
  graph: Graph;
}

/** A typed array in the file of weights, little-endian; offsets are multiples of 8. */
export interface Section {
  type: Exclude<TensorType, 'string'>;
  offset: number;
  /** Number of elements. */
  length: number;
}

export interface Constant {
  type: TensorType;
  dims: number[];
  /** Strings are stored in the program itself. */
  data: Section | string[];
}

/** The slots of a graph store its values while it runs; slot -1 is an omitted value. */
export interface Graph {
  slots: number;
  /** Slots that contain a constant of the program from the start. */
  constants: [slot: number, constant: number][];
  inputs: number[];
  outputs: number[];
  steps: Step[];
}

export interface Step {
  /** Name of its export in `kernels/index.ts`. */
  kernel: string;
  inputs: number[];
  outputs: number[];
  parameters: Record<string, Parameter>;
  /** Slots that no later step reads. */
  release: number[];
  /** Runs only for an output that needs it. All other steps run for every request, because each may refuse its values. */
  onRequest?: true;
}

/** A setting of a kernel. A graph receives its own inputs, followed by the values that it uses from around it. */
export type Parameter =
  | number
  | boolean
  | string
  | null
  | number[]
  | string[]
  | { section: Section }
  | { graph: Graph };
