import { limitsFor } from '../model/press/limits.ts';
import { openEngine } from '../model/press/open-engine.ts';
import { type ProfiledData, profileData } from '../model/profile/profile-data.ts';
import type { Plan } from './plan.ts';
import type { PressedModel } from './press.ts';

/** A pressed model, with the name that the config gives it. */
export type ProfiledModel = Pick<PressedModel, 'manifest' | 'files'> & Pick<Plan, 'name'>;

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
