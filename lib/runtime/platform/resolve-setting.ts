import type { Setting } from '../../contract/settings.ts';

/** @throws Error that names the missing environment variable */
export function resolveSetting(setting: Setting, env: NodeJS.ProcessEnv): string {
  if (typeof setting === 'string') {
    return setting;
  }
  const value = env[setting.env];
  if (value === undefined || value === '') {
    throw new Error(
      `the config reads a value from the environment variable ${setting.env}, which is not set`,
    );
  }
  return value;
}
