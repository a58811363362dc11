import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openArtifact } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import { PROFILE_FILE, type Profile } from '../contract/profile.ts';
import { ColdpressError } from '../errors.ts';
import { readProfile } from '../model/profile/profile-file.ts';

/**
 * Reads the profile of a file, or of a folder that `coldpress pack` wrote along with its manifest.
 * @throws ColdpressError ARTIFACT_NOT_FOUND, ARTIFACT_INVALID, PROFILE_MISSING, and the errors of `readProfile`
 */
export function openProfile(path: string): { profile: Profile; manifest: Manifest | undefined } {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return { profile: readProfile(path), manifest: undefined };
  }
  const { functionDir, manifest } = openArtifact(path);
  const file = join(functionDir, PROFILE_FILE);
  if (!existsSync(file)) {
    throw new ColdpressError('PROFILE_MISSING', `${path} was packed without a profile`, {
      hint: 'pack it again with samples of 50 rows or more, or with "profile" in the config; see docs/drift.md',
    });
  }
  return { profile: readProfile(file), manifest };
}
