import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROFILE_FILE, type Profile, parseProfile } from '../contract/profile.ts';
import { ColdpressError } from '../errors.ts';
import { limitsFor } from '../model/press/limits.ts';
import { openEngine } from '../model/press/open-engine.ts';
import { type ProfiledData, profileData } from '../model/profile/profile-data.ts';
import { checkProfileModel, formatProfile, readProfile } from '../model/profile/profile-file.ts';
import { cached } from './cache.ts';
import { pressFingerprint } from './fingerprint.ts';
import type { Plan } from './plan.ts';
import type { PressedModel } from './press.ts';

/** A pressed model, with the name that the config gives it. */
type ProfiledModel = Pick<PressedModel, 'manifest' | 'files'> & Pick<Plan, 'name'>;

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

/**
 * Profiles data, using the answers of a pressed model.
 * @throws the errors of `profileData`
 */
export async function profilePressed(
  path: string,
  { name, manifest, files }: ProfiledModel,
  options: { target?: string | undefined; onProgress?: (step: string) => void; signal?: AbortSignal } = {},
): Promise<ProfiledData> {
  const { model } = manifest;
  const opened = files.find(file => file.path === model.path)!;
  const engine = openEngine(
    {
      engine: manifest.engine.name,
      path: opened.source,
      options: model.session,
      env: model.env ?? {},
    },
    { ...limitsFor(model.sizeBytes), signal: options.signal },
  );
  try {
    return await profileData(path, { ...options, engine, manifest: { ...manifest, name } });
  } finally {
    engine.close();
  }
}
