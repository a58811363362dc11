import type { Datatype } from './datatypes.ts';
import type { Tolerance } from './tolerance.ts';

/** A golden vector: an inference and its answer in Open Inference Protocol format, proven when pressing. */
export interface Golden {
  /** Seed of the generator that made the inputs. */
  seed: number;
  tolerance: Tolerance;
  request: { inputs: JsonTensor[] };
  response: { outputs: JsonTensor[] };
}

export interface JsonTensor {
  name: string;
  datatype: Datatype;
  shape: number[];
  /** Flat, row-major, with the spellings of docs/values.md. */
  data: unknown[];
}
