import type { Settings } from '../../contract/settings.ts';
import type { Config } from '../config.ts';
import { resolveEvents } from './events.ts';
import { resolveHttp } from './http.ts';

/** The settings that the config determines for run time, with all defaults applied. */
export function resolveSettings(config: Pick<Config, keyof Settings>): Settings {
  return { http: resolveHttp(config.http), ...resolveEvents(config) };
}
