import type { Settings } from '../lib/contract/settings.ts';
import { resolveSettings } from '../lib/pack/config/settings.ts';
import type { Config } from '../lib/pack/config.ts';

/** The sections of a config that end in the manifest. */
export type SettingsConfig = Pick<Config, keyof Settings>;
export type SinkConfig = NonNullable<NonNullable<Config['sinks']>['results']>;

/** As packing puts them into the manifest. */
export const settingsOf: (config: SettingsConfig) => Settings = resolveSettings;
