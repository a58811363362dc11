import type { Datatype } from './datatypes.ts';
import type { Tolerance } from './tolerance.ts';

/** A golden vector: an inference and its answer in the words of the Open Inference Protocol, proven when pressing. */
export interface Golden {
  /** Of the generator that made the inputs. */
  seed: number;
  tolerance: Tolerance;
  request: { inputs: JsonTensor[] };
  response: { outputs: JsonTensor[] };
}

export interface JsonTensor {
  name: string;
  datatype: Datatype;
  shape: number[];
  /** Flat, row-major, in the spellings of docs/values.md. */
  data: unknown[];
}
