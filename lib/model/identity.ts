import { hashFile } from '../hash-file.ts';
import { findWeightFiles } from './weight-files.ts';

/** Hashes of all files of a model: equal identities have equal contents. */
export interface ModelIdentity {
  /** SHA-256 of the model file. */
  sha256: string;
  /** SHA-256 of each weight file next to it, by its location. */
  external: Record<string, string>;
}

/** @throws ColdpressError if the file is not a model, or has unsafe external data */
export async function identifyModel(path: string): Promise<ModelIdentity> {
  const files = await findWeightFiles(path);
  const external: Record<string, string> = {};
  for (const file of files) {
    external[file.location] = await hashFile(file.path);
  }
  return { sha256: await hashFile(path), external };
}
