import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { resolveExternalData } from './external-data.ts';
import { hashModel } from './inspect.ts';
import { readModel } from './read.ts';

/** What a model is, whole: equal identities have equal contents. */
export interface ModelIdentity {
  /** SHA-256 of the model file. */
  sha256: string;
  /** SHA-256 of each file of weights beside it, by its location. */
  external: Record<string, string>;
}

/** @throws ColdpressError for what is not a model, or has unsafe external data */
export async function identifyModel(path: string): Promise<ModelIdentity> {
  const model = await readModel(path);
  const files = await resolveExternalData(model);
  const external: Record<string, string> = {};
  for (const file of files) {
    external[file.location] = await hashFile(file.path);
  }
  return { sha256: hashModel(model), external };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
