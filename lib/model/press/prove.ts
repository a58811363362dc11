import { engineNameOf, type Signature } from '../../contract/manifest.ts';
import type { Tolerance } from '../../contract/tolerance.ts';
import type { ProbeTensor } from '../../runtime/probe/types.ts';
import { compareOutputs, describeDifference } from './compare.ts';
import { describeFailure, type EngineLimits, expectAnswer } from './engine-process.ts';
import { type OpenEngine, openEngine } from './open-engine.ts';
import type { Openable } from './openable.ts';
import { inputRecipes, randomInputs, seededRandom } from './random-inputs.ts';

/** Inputs that a model takes, and what it answered. */
export interface Vector {
  inputs: ProbeTensor[];
  outputs: ProbeTensor[];
}

export interface Answers {
  /** Empty when the model answered no inputs that could be made up. */
  vectors: Vector[];
  /** Why the last that was tried was not answered. */
  refusal: string;
}

/** Of the generator of random inputs: any number does, as long as it stays. */
export const seed = 1;

/** Enough to meet most branches of a tree ensemble; one is enough to see a wrong rewrite of a network. */
const vectorCount = 4;
/** After as much computing one vector has to do: every later proof runs all of them. */
const enoughMs = 1000;

/**
 * Runs the reference model on seeded random inputs.
 * @param signature - what both models take and give
 * @throws ColdpressError when the engine dies of it
 */
export async function answerRandomly(engine: OpenEngine, { inputs, outputs }: Signature): Promise<Answers> {
  let refusal = '';
  const names = outputs.map(engineNameOf);
  for (const recipe of inputRecipes) {
    const random = seededRandom(seed);
    const vectors: Vector[] = [];
    for (let spentMs = 0; vectors.length < vectorCount && spentMs < enoughMs; ) {
      const tensors = randomInputs(inputs, recipe, random);
      if (tensors === undefined) {
        refusal = 'its inputs are too large to make up';
        break;
      }
      const result = await engine.run(tensors, names);
      if (result.kind === 'refused') {
        refusal = result.message;
        break;
      }
      const answer = expectAnswer(result, 'run the model');
      vectors.push({ inputs: tensors, outputs: answer.tensors });
      spentMs += answer.ms;
    }
    if (vectors.length > 0) {
      return { vectors, refusal };
    }
  }
  return { vectors: [], refusal };
}

/** Whether the model gives the same answer to the same inputs again. One with random operators does not. */
export async function answersAlike(
  engine: OpenEngine,
  { inputs, outputs }: Vector,
  tolerance: Tolerance,
): Promise<boolean> {
  const names = outputs.map(output => output.name);
  const { tensors } = expectAnswer(await engine.run(inputs, names), 'run the model again');
  return compareOutputs(outputs, tensors, tolerance) === undefined;
}

/** Where a candidate, in a process of its own, does not give the reference's answers; `undefined` where it does. */
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
