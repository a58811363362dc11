import { rm } from 'node:fs/promises';
import type { Signature } from '../contract/manifest.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { resolveExternalData } from './external-data.ts';
import { readBooster } from './formats/read-booster.ts';
import { signatureOf } from './formats/signature.ts';
import { answerCompiled } from './press/answer-compiled.ts';
import { answerModel } from './press/answer-model.ts';
import { limitsFor } from './press/limits.ts';
import { readOutline } from './read.ts';
import type { SamplesOptions } from './samples/run.ts';

/**
 * Learns the inputs and outputs of a packed model. It finds the axes that count records by running the model, as
 * packing does; it does not learn the sizes that a request may have.
 * @throws ColdpressError if the engine rejects the model or crashes, or if samples differ
 */
export async function learnSignature(path: string, samples?: SamplesOptions): Promise<Signature> {
  const booster = await readBooster(path);
  if (booster !== undefined) {
    return signatureOf(booster.booster);
  }
  const model = await readOutline(path);
  const external = await resolveExternalData(model);
  const sizeBytes = external.reduce((sum, file) => sum + file.sizeBytes, model.bytes.length);
  const work = await makeTemporaryFolder({ purpose: 'learn' });
  try {
    const limits = limitsFor(sizeBytes, model);
    const { learnt } = await answerModel(model, { external, work, samples, limits }).catch(refusal =>
      answerCompiled(refusal, { path, external, outDir: work, samples, limits }),
    );
    return learnt.signature;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
