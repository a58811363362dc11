import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROFILE_FILE, type Profile, parseProfile } from '../contract/profile.ts';
import { ColdpressError } from '../errors.ts';
import { checkProfileModel, formatProfile, readProfile } from '../model/profile/profile-file.ts';
import { cached } from './cache.ts';
import { pressFingerprint } from './fingerprint.ts';
import type { Plan } from './plan.ts';
import type { PressedModel } from './press.ts';
import type { ProfiledModel } from './profile-pressed.ts';

/**
 * The profile for the function's counts: the config's, or one of its samples. `undefined` if nothing is to be counted
 * or there are too few samples.
 * @throws ColdpressError PROFILE_MISSING, PROFILE_SIZE, PROFILE_INVALID, PROFILE_MODEL
 */
export async function profileFor(
  { name, profilePath, samples, settings: { telemetry } }: Plan,
  pressed: PressedModel,
  cacheDir: string,
): Promise<Profile | undefined> {
  if (telemetry === false || telemetry.drift === false) {
    return undefined;
  }
  if (profilePath !== undefined) {
    const profile = readProfile(profilePath);
    checkProfileModel(profile, profilePath, pressed.manifest.model);
    return profile;
  }
  return samples === undefined ? undefined : profileSamples(samples.path, { ...pressed, name }, cacheDir);
}

/** Samples without a distribution are still valid samples. */
async function profileSamples(
  path: string,
  model: ProfiledModel,
  cacheDir: string,
): Promise<Profile | undefined> {
  const { name, manifest } = model;
  const samples = createHash('sha256').update(readFileSync(path)).digest('hex');
  const key = { kind: 'profile', name, pressed: manifest, samples, coldpress: pressFingerprint() };
  try {
    const { dir } = await cached(cacheDir, key, async outDir => {
      // Loaded only now: a pack from the cache does not profile.
      const { profilePressed } = await import('./profile-pressed.ts');
      const { profile } = await profilePressed(path, model);
      await mkdir(outDir, { recursive: true });
      await writeFile(join(outDir, PROFILE_FILE), formatProfile(profile));
    });
    return parseProfile(readFileSync(join(dir, PROFILE_FILE), 'utf8'));
  } catch (error) {
    if (error instanceof ColdpressError && error.code.startsWith('PROFILE_')) {
      return undefined;
    }
    throw error;
  }
}
