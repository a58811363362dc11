import type { Datatype } from '../../contract/datatypes.ts';
import type { Golden, JsonTensor } from '../../contract/golden.ts';
import { bigIntToJson, floatToJson } from '../../contract/json-values.ts';
import { engineNameOf, type Signature } from '../../contract/manifest.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import type { Vector } from './prove.ts';

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
  switch (typeof value) {
    case 'bigint':
      return bigIntToJson(value);
    case 'number':
      return floatToJson(value);
    default:
      return value;
  }
}
