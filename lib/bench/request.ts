import type { Manifest } from '../contract/manifest.ts';
import { ColdpressError } from '../errors.ts';
import { checkJson, inferenceEvent } from '../local/model-request.ts';
import { type InputRecipe, randomInputs, seededRandom } from '../model/press/random-inputs.ts';
import type { BenchPlan } from './options.ts';
import type { BenchData } from './result.ts';

/** The request that every function receives. */
export interface BenchRequest {
  source: BenchData['request']['source'];
  /** Returns the event for the function of that name. */
  payloadFor(name: string): Buffer;
}

/** One row, and integers that are valid indices of most lookup tables. */
const recipe: InputRecipe = { openSize: 1, integers: 2 };

/** @throws ColdpressError `EVENT_INVALID`, or `BENCH_REQUEST` if no request can be generated from the signature */
export function resolveRequest(
  { event, input, seed }: BenchPlan,
  manifest: Manifest | undefined,
): BenchRequest {
  if (event !== undefined) {
    checkJson(event, 'event');
    return { source: 'event', payloadFor: () => Buffer.from(event) };
  }
  const body = input ?? requestFrom(manifest, seed);
  checkJson(body, 'input');
  return {
    source: input === undefined ? 'signature' : 'input',
    payloadFor: name => Buffer.from(inferenceEvent(name, body)),
  };
}

function requestFrom(manifest: Manifest | undefined, seed: number): string {
  const specs = manifest?.signature.inputs.filter(({ optional }) => optional !== true) ?? [];
  const tensors = randomInputs(specs, recipe, seededRandom(seed));
  if (tensors === undefined) {
    throw new ColdpressError('BENCH_REQUEST', 'the signature needs a request that is too large to generate', {
      hint: 'Pass one with --event FILE or --input FILE.',
    });
  }
  const inputs = tensors.map(({ dims, data }, index) => {
    const { name, datatype } = specs[index]!;
    return { name, datatype, shape: dims, data: Array.from(data as Iterable<unknown>, jsonValue) };
  });
  return JSON.stringify({ inputs });
}

function jsonValue(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
