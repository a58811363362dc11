import type { Construct } from 'constructs';
import { type Artifact, openArtifact } from '../artifact.ts';
import { ColdpressError } from '../errors.ts';
import { errorAt } from './error-at.ts';

/** @throws ColdpressError ARTIFACT_NOT_FOUND, ARTIFACT_INVALID, ARTIFACT_TARGET, with the construct's path */
export function openPacked(scope: Construct, id: string, dir: string): Artifact {
  return explainAt(scope, id, () => openArtifact(dir, { target: 'aws-lambda' }));
}

/** Runs what throws errors without a place, and adds the construct's path to them. */
export function explainAt<T>(scope: Construct, id: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof ColdpressError ? errorAt(scope, id, error) : error;
  }
}
