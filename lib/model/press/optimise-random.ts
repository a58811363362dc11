import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expectAnswer } from './engine-process.ts';
import { openEngine } from './open-engine.ts';
import type { Openable } from './openable.ts';
import { type Optimisation, type OptimiseOptions, optimise, optimiseProven } from './optimise.ts';
import type { Vector } from './prove.ts';
import { writeSeeded } from './seed-model.ts';
import type { Staged } from './stage.ts';

/**
 * Like `optimiseProven`, for a model whose answers differ each time. It compares copies with seeds: before and after
 * optimisation they must give the same answers to the same inputs in the same order.
 * @param work - a folder for the copies
 */
export async function optimiseRandom(
  reference: Openable,
  { source, work, ...options }: OptimiseOptions & { source: Staged; work: string },
): Promise<Optimisation> {
  const [dir, outDir] = [join(work, 'seeded'), join(work, 'seeded-optimised')];
  await mkdir(dir);
  await mkdir(outDir);
  const { path } = await writeSeeded(source, dir);
  const seeded = { ...reference, path };
  const vectors = await answerInOrder(seeded, options);
  const proof = await optimiseProven(seeded, { ...options, vectors, outDir });
  return proof.kind === 'kept' ? proof : optimise(reference, options);
}

/** Returns the answers of a freshly opened model to these inputs. */
async function answerInOrder(model: Openable, { vectors, limits }: OptimiseOptions): Promise<Vector[]> {
  const engine = openEngine(model, limits);
  try {
    const answered: Vector[] = [];
    for (const { inputs, outputs } of vectors) {
      const names = outputs.map(output => output.name);
      const { tensors } = expectAnswer(await engine.run(inputs, names), 'run the model with seeds');
      answered.push({ inputs, outputs: tensors });
    }
    return answered;
  } finally {
    engine.close();
  }
}
