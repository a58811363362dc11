import { defaultTolerance } from '../../contract/defaults.ts';
import { engineNameOf } from '../../contract/manifest.ts';
import type { ExternalFile } from '../external-data.ts';
import type { Rewriting } from '../passes/index.ts';
import type { Model } from '../read.ts';
import { type LearntRows, learnRows } from '../rows/learn-rows.ts';
import type { RunModel } from '../rows/prove-rows.ts';
import { exportCause } from '../samples/near-threshold.ts';
import { type CheckedSamples, runSamples, type SamplesOptions } from '../samples/run.ts';
import type { EngineLimits } from './engine-process.ts';
import { type OpenEngine, openEngine } from './open-engine.ts';
import { openReference, type Reference } from './open-reference.ts';
import type { Openable } from './openable.ts';
import { answerRandomly, answersAlike, type Vector } from './prove.ts';
import type { Staged } from './stage.ts';

/** A model's answers and what they show. */
export interface Answered {
  /** Samples come first. */
  vectors: Vector[];
  /** If no random inputs were answered: what was tried, and why not. */
  refusal: string;
  /** Whether it answers the same inputs the same way again. */
  repeats: boolean;
  learnt: LearntRows;
  /** Names of the samples' columns, if they form the only input. */
  features?: string[];
  /** How the samples' expected outputs compare, if there are any. */
  checked?: CheckedSamples;
}

/** A model before it is optimised, and its answers. */
export interface AnsweredModel extends Answered {
  reference: Openable;
  source: Staged;
  rewriting: Rewriting;
}

/**
 * Opens a model and runs it on made-up inputs and on samples, in one process.
 * @throws ColdpressError if the engine rejects the model or crashes, or if samples differ
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
    const { samples } = options;
    const answered = await answerWith(engine, { model: rewriting.model, signature, inferred, samples });
    return { ...answered, reference, rewriting, source };
  } finally {
    engine.close();
  }
}

/** Runs an open model on made-up inputs and on samples. */
export async function answerWith(
  engine: OpenEngine,
  {
    samples: sampleOptions,
    ...described
  }: Pick<Reference, 'signature' | 'inferred'> & { model: Model; samples: SamplesOptions | undefined },
): Promise<Answered> {
  const { signature } = described;
  const made = await answerRandomly(engine, signature);
  const names = signature.outputs.map(engineNameOf);
  const run: RunModel = inputs => engine.run(inputs, names);
  const tolerance = defaultTolerance;
  const learn = async (vectors: Vector[]) => {
    const [first] = vectors;
    const repeats = first === undefined || (await answersAlike(engine, first, tolerance));
    return { repeats, learnt: await learnRows(run, { ...described, vectors, repeats, tolerance }) };
  };
  const first = await learn(made.vectors);
  const samples = await runSamples(engine, sampleOptions, {
    learnt: first.learnt,
    causeOf: exportCause(described.model),
  });
  // If no made-up inputs were answered, rows can only be learnt from the samples.
  const { repeats, learnt } = made.vectors.length === 0 ? await learn(samples.vectors) : first;
  const { features, checked } = samples;
  return {
    refusal: made.refusal,
    repeats,
    learnt,
    vectors: [...samples.vectors, ...made.vectors],
    ...(features && { features }),
    ...(checked && { checked }),
  };
}
