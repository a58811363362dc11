import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openArtifact } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import { PROFILE_FILE, type Profile, parseProfile } from '../contract/profile.ts';
import { ColdpressError } from '../errors.ts';

/**
 * The profile of a file, or of a folder that `coldpress pack` wrote, with its manifest.
 * @throws ColdpressError PROFILE_MISSING, PROFILE_INVALID, ARTIFACT_NOT_FOUND, ARTIFACT_INVALID
 */
export function readProfile(path: string): { profile: Profile; manifest: Manifest | undefined } {
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  const artifact = isFolder ? openArtifact(path) : undefined;
  const file = artifact === undefined ? path : join(artifact.functionDir, PROFILE_FILE);
  if (!existsSync(file)) {
    throw new ColdpressError('PROFILE_MISSING', `no profile at ${file}`, {
      hint: 'Give profile.json, or the folder that coldpress pack wrote, with --profile.',
    });
  }
  try {
    return { profile: parseProfile(readFileSync(file, 'utf8')), manifest: artifact?.manifest };
  } catch (cause) {
    throw new ColdpressError('PROFILE_INVALID', `${file} cannot be read: ${(cause as Error).message}`, {
      hint: 'Write it again with coldpress profile.',
      cause,
    });
  }
}
