import { type Datatype, engineNameOf, type Signature } from '../../contract/manifest.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import type { Tolerance } from './compare.ts';
import type { Vector } from './prove.ts';

/** An inference and its answer in the words of the Open Inference Protocol, for smoke tests wherever the model goes. */
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
  data: unknown[];
}

/** Two photographs of 3 × 224 × 224, as they are made up, fit in. A larger one is left out: it would weigh on every upload. */
const maxBytes = 2 * 2 ** 20;

/** Makes a golden vector of an answered one; `undefined` when it would be too large. */
export function makeGolden(
  { inputs, outputs }: Vector,
  signature: Signature,
  { seed, tolerance }: { seed: number; tolerance: Tolerance },
): Golden | undefined {
  const specs = [...signature.inputs, ...signature.outputs];
  const toJson = ({ name: engineName, dims, data }: ProbeTensor): JsonTensor => {
    const { name, datatype } = specs.find(spec => engineNameOf(spec) === engineName)!;
    return {
      name,
      datatype,
      shape: dims,
      data: Array.from<unknown, unknown>(data, value => toJsonValue(value, datatype)),
    };
  };
  const golden: Golden = {
    seed,
    tolerance,
    request: { inputs: inputs.map(toJson) },
    response: { outputs: outputs.map(toJson) },
  };
  return JSON.stringify(golden).length > maxBytes ? undefined : golden;
}

/** The spellings of docs/values.md. */
function toJsonValue(value: unknown, datatype: Datatype): unknown {
  if (datatype === 'BOOL') {
    return value !== 0;
  }
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
