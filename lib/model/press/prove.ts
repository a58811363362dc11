import { engineNameOf, type Signature } from '../../contract/manifest.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { engineReason } from '../engine-errors.ts';
import { compareOutputs, describeDifference } from './compare.ts';
import { describeFailure, type EngineLimits, expectAnswer } from './engine-process.ts';
import { type OpenEngine, openEngine } from './open-engine.ts';
import type { Openable } from './openable.ts';
import { inputRecipes, randomInputs, seededRandom } from './random-inputs.ts';

/** Inputs of a model and its answer. */
export interface Vector {
  inputs: ProbeTensor[];
  outputs: ProbeTensor[];
}

export interface Answers {
  /** Empty if the model answered no made-up inputs. */
  vectors: Vector[];
  /** If so: what was tried, and why the first inputs were not answered. */
  refusal: string;
}

/** Seed of the random inputs: any number works as long as it stays the same. */
export const seed = 1;

/** Enough to reach most branches of a tree ensemble; one is enough to notice a wrong rewrite of a network. */
const vectorCount = 4;
/** After this much computing no vectors are added, because every later proof runs all of them. */
const enoughMs = 1000;

/**
 * Runs the reference model on seeded random inputs.
 * @param signature - inputs and outputs of both models
 * @throws ColdpressError if the engine crashes
 */
export async function answerRandomly(engine: OpenEngine, { inputs, outputs }: Signature): Promise<Answers> {
  let tried = 0;
  let first: { inputs: ProbeTensor[]; reason: string } | undefined;
  const names = outputs.map(engineNameOf);
  for (const recipe of inputRecipes) {
    const random = seededRandom(seed);
    const vectors: Vector[] = [];
    for (let spentMs = 0; vectors.length < vectorCount && spentMs < enoughMs; ) {
      const tensors = randomInputs(inputs, recipe, random);
      if (tensors === undefined) {
        break;
      }
      const result = await engine.run(tensors, names);
      if (result.kind === 'refused') {
        tried += 1;
        first ??= { inputs: tensors, reason: engineReason(result.message) };
        break;
      }
      const answer = expectAnswer(result, 'run the model');
      vectors.push({ inputs: tensors, outputs: answer.tensors });
      spentMs += answer.ms;
    }
    if (vectors.length > 0) {
      return { vectors, refusal: '' };
    }
  }
  const refusal =
    first === undefined
      ? 'the inputs of the model are too large to generate'
      : `the model rejected all ${tried} kinds of generated inputs; the first, ${shapesOf(first.inputs)}: ${first.reason}`;
  return { vectors: [], refusal };
}

/** `x [2, 3], ids [2]`; the first of many. */
function shapesOf(inputs: readonly ProbeTensor[]): string {
  const shown = inputs.slice(0, 3).map(({ name, dims }) => `${name} [${dims.join(', ')}]`);
  return [...shown, ...(inputs.length > shown.length ? ['…'] : [])].join(', ');
}

/** Whether the model answers the same inputs the same way again. A model with random operators does not. */
export async function answersAlike(
  engine: OpenEngine,
  { inputs, outputs }: Vector,
  tolerance: Tolerance,
): Promise<boolean> {
  const names = outputs.map(output => output.name);
  const { tensors } = expectAnswer(await engine.run(inputs, names), 'run the model again');
  return compareOutputs(outputs, tensors, tolerance) === undefined;
}

/** Runs a candidate in its own process and returns where its answers differ from the reference, or `undefined`. */
export async function proveEqual(
  candidate: Openable,
  vectors: Vector[],
  { tolerance, limits }: { tolerance: Tolerance; limits: EngineLimits },
): Promise<string | undefined> {
  const engine = openEngine(candidate, limits);
  try {
    for (const { inputs, outputs } of vectors) {
      const names = outputs.map(output => output.name);
      const result = await engine.run(inputs, names);
      if (result.kind !== 'answered') {
        return describeFailure(result);
      }
      const difference = compareOutputs(outputs, result.tensors, tolerance);
      if (difference !== undefined) {
        return describeDifference(difference);
      }
    }
    return undefined;
  } finally {
    engine.close();
  }
}
