import type { Manifest } from '../contract/manifest.ts';

/** The environment variables that the config's settings refer to, `{ env: NAME }`. */
export function environmentNames({ sinks, events }: Pick<Manifest, 'sinks' | 'events'>): string[] {
  return [...new Set(namesIn([sinks, events]))];
}

function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const { env } = value as { env?: unknown };
  return typeof env === 'string' ? [env] : Object.values(value).flatMap(namesIn);
}
