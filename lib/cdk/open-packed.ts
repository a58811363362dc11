import type { Construct } from 'constructs';
import { type Artifact, openArtifact } from '../artifact.ts';
import { ColdpressError } from '../errors.ts';
import { errorAt } from './error-at.ts';

/** @throws ColdpressError ARTIFACT_NOT_FOUND, ARTIFACT_INVALID, ARTIFACT_TARGET, with the construct's path */
export function openPacked(scope: Construct, id: string, dir: string): Artifact {
  return explainAt(scope, id, () => openArtifact(dir, { target: 'aws-lambda' }));
}

/** Runs a function and adds the construct's path to the errors it throws. */
export function explainAt<T>(scope: Construct, id: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw error instanceof ColdpressError ? errorAt(scope, id, error) : error;
  }
}
