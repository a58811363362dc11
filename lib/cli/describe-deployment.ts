import type { Change } from '../gcp/changes.ts';
import type { Deployed } from '../gcp/deploy.ts';

/** Describes what a deployment will do to the named resource, one line per change. */
export function describePlan(
  path: string,
  { exists, changes }: { exists: boolean; changes: Change[] },
  what: string,
): string[] {
  if (!exists) {
    return [`${path} is new`];
  }
  return [
    `${path} gets ${what}${changes.length === 0 ? ', and nothing else changes' : ''}`,
    ...changes.map(({ name, from, to }) => `  ${name}: ${from} -> ${to}`),
  ];
}

export function describeDeployed({ name, url, created, traffic, tagUrl }: Deployed): string {
  return [
    `${created ? 'created' : 'updated'} ${name}`,
    url,
    ...(tagUrl === undefined ? [] : [tagUrl]),
    ...(traffic ? [] : ['the traffic stays where it is: --traffic, or coldpress promote, moves it']),
  ].join('\n');
}
