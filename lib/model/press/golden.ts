import type { Datatype } from '../../contract/datatypes.ts';
import { defaultTolerance } from '../../contract/defaults.ts';
import type { Golden, JsonTensor } from '../../contract/golden.ts';
import { bigIntToJson, floatToJson } from '../../contract/json-values.ts';
import { engineNameOf, type Signature } from '../../contract/manifest.ts';
import { defaultOutputs } from '../../contract/signature.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import type { Answered } from './answer-model.ts';
import { seed, type Vector } from './prove.ts';

/** Two made-up images of 3 × 224 × 224 fit in. Larger vectors are left out because they would slow down each upload. */
const maxBytes = 2 * 2 ** 20;

/** A golden vector, or why there is none. */
export type GoldenChoice = { kept: true; vector: Golden } | { kept: false; reason: string };

/** Makes a golden vector of the first answered vector. */
export function chooseGolden(
  { vectors: [first], repeats, refusal }: Pick<Answered, 'vectors' | 'repeats' | 'refusal'>,
  signature: Signature,
): GoldenChoice {
  if (first === undefined) {
    return { kept: false, reason: refusal };
  }
  if (!repeats) {
    return { kept: false, reason: 'the model answers differently each time' };
  }
  const vector = makeGolden(first, signature);
  return JSON.stringify(vector).length > maxBytes
    ? { kept: false, reason: 'it would be larger than 2 MiB' }
    : { kept: true, vector };
}

function makeGolden({ inputs, outputs }: Vector, signature: Signature): Golden {
  // The function checks itself with a request that names no outputs.
  const answered = defaultOutputs(signature.outputs);
  const isAnswered = ({ name }: ProbeTensor) => answered.some(spec => engineNameOf(spec) === name);
  const specs = [...signature.inputs, ...answered];
  const toJson = ({ name: engineName, dims, data }: ProbeTensor): JsonTensor => {
    const { name, datatype } = specs.find(spec => engineNameOf(spec) === engineName)!;
    return {
      name,
      datatype,
      shape: dims,
      data: Array.from<unknown, unknown>(data, value => toJsonValue(value, datatype)),
    };
  };
  return {
    seed,
    tolerance: defaultTolerance,
    request: { inputs: inputs.map(toJson) },
    response: { outputs: outputs.filter(isAnswered).map(toJson) },
  };
}

/** Uses the spellings of docs/values.md. */
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
