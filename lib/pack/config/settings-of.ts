import { isDeepStrictEqual } from 'node:util';
import { defaultSettings } from '../../contract/defaults.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Target } from '../../targets/target.ts';

/**
 * The settings that a target uses, and the names of configured settings that it does not use. A container job reads
 * objects from Cloud Storage according to `events.objects`.
 */
export function settingsOf(target: Target, settings: Settings): { settings: Settings; unused: string[] } {
  if (target.receivesEvents) {
    return { settings, unused: [] };
  }
  const { events, sinks } = settings;
  const { events: defaults } = defaultSettings;
  const objects = events.objects?.store === 'gcs' ? events.objects : null;
  const used: Settings = {
    ...settings,
    events: { ...defaults, maxBatch: events.maxBatch, objects },
    sinks: defaultSettings.sinks,
  };
  const names = [...differing('events', events, used.events), ...differing('sinks', sinks, used.sinks)];
  return { settings: used, unused: names };
}

function differing<Section extends object>(name: string, given: Section, used: Section): string[] {
  return Object.entries(given)
    .filter(([key, value]) => !isDeepStrictEqual(value, used[key as keyof Section]))
    .map(([key]) => `${name}.${key}`);
}
