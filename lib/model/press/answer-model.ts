import { defaultTolerance } from '../../contract/defaults.ts';
import { engineNameOf } from '../../contract/manifest.ts';
import type { ExternalFile } from '../external-data.ts';
import type { Rewriting } from '../passes/index.ts';
import type { Model } from '../read.ts';
import { type LearntRows, learnRows } from '../rows/learn-rows.ts';
import type { RunModel } from '../rows/prove-rows.ts';
import { runSamples, type SamplesOptions } from '../samples/run.ts';
import type { EngineLimits } from './engine-process.ts';
import { openEngine } from './open-engine.ts';
import { openReference } from './open-reference.ts';
import type { Openable } from './openable.ts';
import { answerRandomly, answersAlike, type Vector } from './prove.ts';
import type { Staged } from './stage.ts';

/** A model as it is before it is optimised, what it answers, and what its answers tell. */
export interface AnsweredModel {
  reference: Openable;
  source: Staged;
  rewriting: Rewriting;
  /** Samples come first. */
  vectors: Vector[];
  /** Why the random inputs that were tried last were not answered. */
  refusal: string;
  /** Whether it gives the same answer to the same inputs again. */
  repeats: boolean;
  learnt: LearntRows;
  /** Names of the samples' columns, where they make up the only input. */
  features?: string[];
}

/**
 * Opens a model and runs it, on made-up inputs and on samples, in one process.
 * @throws ColdpressError for what makes the engine refuse or die, and for samples that differ
 */
export async function answerModel(
  model: Model,
  options: {
    external: ExternalFile[];
    /** An empty folder, for the rewritten model. */
    work: string;
    samples: SamplesOptions | undefined;
    limits: EngineLimits;
  },
): Promise<AnsweredModel> {
  const { rewriting, signature, source, inferred, running, ...reference } = await openReference(
    model,
    options,
  );
  const engine = openEngine(reference, options.limits, running);
  try {
    const made = await answerRandomly(engine, signature);
    const names = signature.outputs.map(engineNameOf);
    const run: RunModel = inputs => engine.run(inputs, names);
    const tolerance = defaultTolerance;
    const learn = async (vectors: Vector[]) => {
      const [first] = vectors;
      const repeats = first === undefined || (await answersAlike(engine, first, tolerance));
      const { model } = rewriting;
      return {
        repeats,
        learnt: await learnRows(run, { model, signature, inferred, vectors, repeats, tolerance }),
      };
    };
    const first = await learn(made.vectors);
    const samples = await runSamples(engine, options.samples, first.learnt);
    // Where no made-up inputs were answered, the samples are what there is to learn from.
    const { repeats, learnt } = made.vectors.length === 0 ? await learn(samples.vectors) : first;
    return {
      ...{ reference, rewriting, source, refusal: made.refusal, repeats, learnt },
      vectors: [...samples.vectors, ...made.vectors],
      ...(samples.features === undefined ? {} : { features: samples.features }),
    };
  } finally {
    engine.close();
  }
}
