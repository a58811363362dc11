import type { Settings } from '../../contract/settings.ts';
import type { Config } from '../config.ts';
import { resolveEvents } from './events.ts';
import { resolveHttp } from './http.ts';

/** What a config decides for run time, with every default applied. */
export function resolveSettings(config: Pick<Config, keyof Settings>): Settings {
  return { http: resolveHttp(config.http), ...resolveEvents(config) };
}
