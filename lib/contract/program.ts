/**
 * A compiled model: a list of steps over kernels, in JSON, with a file of weights beside it. `lib/model/compile` writes
 * it, `lib/runtime/engine/compiled` runs it.
 */
import type { TensorType } from './tensor-data.ts';

export interface Program {
  version: 1;
  /** The file of weights, relative to the program, and what tells that it is whole. */
  weights: { path: string; sizeBytes: number; checksum: number };
  /** What the engine calls them, in the order of the graph's. */
  inputs: string[];
  outputs: string[];
  /** What the graphs share. */
  constants: Constant[];
  graph: Graph;
}

/** A typed array in the file of weights, little-endian; offsets are multiples of 8. */
export interface Section {
  type: Exclude<TensorType, 'string'>;
  offset: number;
  /** In elements. */
  length: number;
}

export interface Constant {
  type: TensorType;
  dims: number[];
  /** Strings stand in the program itself. */
  data: Section | string[];
}

/** The slots of a graph hold its values while it runs; slot -1 is a value that is left out. */
export interface Graph {
  slots: number;
  /** Slots that hold a constant of the program from the beginning. */
  constants: [slot: number, constant: number][];
  inputs: number[];
  outputs: number[];
  steps: Step[];
}

export interface Step {
  /** As `kernels/index.ts` exports it. */
  kernel: string;
  inputs: number[];
  outputs: number[];
  parameters: Record<string, Parameter>;
  /** Slots that no later step reads. */
  release: number[];
}

/** A setting of a kernel. A graph gets, after its own inputs, the values that it uses from around it. */
export type Parameter =
  | number
  | boolean
  | string
  | null
  | number[]
  | string[]
  | { section: Section }
  | { graph: Graph };
