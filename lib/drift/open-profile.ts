import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openArtifact } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import { PROFILE_FILE, type Profile } from '../contract/profile.ts';
import { readProfile } from '../model/profile/profile-file.ts';

/**
 * Reads the profile of a file, or of a folder that `coldpress pack` wrote along with its manifest.
 * @throws ColdpressError ARTIFACT_NOT_FOUND, ARTIFACT_INVALID, and the errors of `readProfile`
 */
export function openProfile(path: string): { profile: Profile; manifest: Manifest | undefined } {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return { profile: readProfile(path), manifest: undefined };
  }
  const { functionDir, manifest } = openArtifact(path);
  return { profile: readProfile(join(functionDir, PROFILE_FILE)), manifest };
}
