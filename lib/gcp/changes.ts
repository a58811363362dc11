import { isDeepStrictEqual } from 'node:util';
import type { FunctionResource } from './function-resource.ts';
import { egressSettings, flagOf, ingressSettings } from './options.ts';
import { showTrigger } from './trigger.ts';

export interface Change {
  /** Name of the flag, if there is one. */
  name: string;
  /** Path in the resource: `serviceConfig.timeoutSeconds`. */
  path: string;
  from: string;
  to: string;
}

/** Path of a setting in a resource, the name of its flag, and how its value is shown. */
export type ComparedSetting = [path: string, name: string, show?: (value: never) => string];

/** The settings that an update may change. Everything else about the function is left unchanged. */
const settings: ComparedSetting[] = [
  ['buildConfig.runtime', 'runtime'],
  ['buildConfig.entryPoint', 'entry point'],
  ['buildConfig.environmentVariables', 'build environment', showNames],
  ['serviceConfig.availableMemory', 'memory'],
  ['serviceConfig.availableCpu', 'cpu'],
  ['serviceConfig.timeoutSeconds', 'timeout'],
  ['serviceConfig.maxInstanceRequestConcurrency', 'concurrency'],
  ['serviceConfig.minInstanceCount', 'min-instances'],
  ['serviceConfig.maxInstanceCount', 'max-instances'],
  ['serviceConfig.ingressSettings', 'ingress', value => flagOf(ingressSettings, value) ?? value],
  ['serviceConfig.serviceAccountEmail', 'service-account'],
  ['serviceConfig.vpcConnector', 'vpc-connector'],
  ['serviceConfig.vpcConnectorEgressSettings', 'egress', value => flagOf(egressSettings, value) ?? value],
  ['serviceConfig.environmentVariables', 'env', showNames],
  ['serviceConfig.secretEnvironmentVariables', 'secret', showSecrets],
  ['serviceConfig.allTrafficOnLatestRevision', 'traffic to the new revision'],
  ['labels', 'label', showPairs],
  ['eventTrigger', 'trigger', showTrigger],
];

export function changesOf(current: FunctionResource, next: FunctionResource): Change[] {
  return compare(settings, current, next);
}

export function compare(settings: readonly ComparedSetting[], current: object, next: object): Change[] {
  return settings.flatMap(([path, name, show = String]) => {
    const [from, to] = [valueAt(current, path), valueAt(next, path)];
    if (isDeepStrictEqual(plain(from), plain(to))) {
      return [];
    }
    const describe = (value: unknown) =>
      isNone(value) && name !== 'trigger' ? 'none' : show(value as never);
    const change = { name, path, from: describe(from), to: describe(to) };
    return [change.from === change.to ? { ...change, to: `${change.to}, with other values` } : change];
  });
}

function valueAt(resource: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], resource);
}

/** Normalises absent values, which the clients represent in several ways. */
function plain(value: unknown): unknown {
  return isNone(value) ? undefined : JSON.parse(JSON.stringify(value));
}

function isNone(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    JSON.stringify(value) === '{}' ||
    JSON.stringify(value) === '[]'
  );
}

/** Shows only names, to keep values out of terminals and logs. */
export function showNames(variables: object): string {
  return Object.keys(variables).sort().join(', ');
}

function showSecrets(secrets: { key: string; secret: string; version: string }[]): string {
  return secrets.map(({ key, secret, version }) => `${key}=${secret}:${version}`).join(', ');
}

export function showPairs(pairs: object): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** The paths that an update changes. */
export function updateMask(changes: readonly Change[]): string[] {
  return ['build_config.source', ...changes.map(({ path }) => toSnake(path))];
}

function toSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}
