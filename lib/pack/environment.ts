import { isObject } from '../contract/is-object.ts';
import { hashFile } from '../hash-file.ts';
import { identifyModel } from '../model/identity.ts';
import { onnxruntimeVersion } from '../native/onnxruntime.ts';
import { copiedPackages } from '../native/package-tree.ts';
import { awsLambdaImage } from '../targets/aws-lambda/image.ts';
import { loadEsbuild } from '../vendored.ts';
import { version } from '../version.ts';
import type { Bundle } from './bundle.ts';
import { bundledPackages } from './bundled-packages.ts';
import type { PackedEntry } from './lock.ts';
import type { Plan } from './plan.ts';
import { findTuned } from './tuned.ts';

/** Everything that determines the bytes of an artifact except the user's own sources: the score and the assets. */
export type Environment = Omit<PackedEntry, 'packages'>;

/** The name of an artifact in the lock, such as `churn aws-lambda/arm64`. */
export function lockName({ name, target, architecture }: Plan): string {
  const platform = target === awsLambdaImage ? `${target.name}-image` : target.name;
  return `${name} ${platform}/${architecture}`;
}

/** The current values of everything that determines the bytes. */
export async function environmentOf(plan: Plan): Promise<Environment> {
  const { runtime, native, engine, tune, assets, settings, samples, profilePath } = plan;
  const { sha256, external } = await identifyModel(plan.modelPath);
  const session = await findTuned(plan, sha256);
  return {
    coldpress: version,
    node: String(runtime.nodeMajor),
    onnxruntime: onnxruntimeVersion(),
    esbuild: loadEsbuild().version,
    model: sha256,
    ...(Object.keys(external).length > 0 && { weights: external }),
    ...(samples && { samples: await hashFile(samples.path) }),
    ...(profilePath !== undefined && { profile: await hashFile(profilePath) }),
    ...(session && { session }),
    options: {
      runtime: runtime.id,
      native,
      engine,
      ...settings,
      ...(tune && { tune }),
      ...(samples?.tolerance && { tolerance: samples.tolerance }),
      assets: assets.map(({ name }) => name),
    },
  };
}

/** Versions of the packages that the score uses, by name, with the dependencies of those that are copied whole. */
export function packagesOf({ metafile, nativeDirs }: Bundle, { architecture }: Plan): Record<string, string> {
  const copied = copiedPackages(nativeDirs, architecture);
  const versions: Record<string, string[]> = {};
  for (const { name, version } of [...bundledPackages(metafile), ...copied]) {
    if (name !== 'coldpress') {
      versions[name] = [...new Set([...(versions[name] ?? []), version])];
    }
  }
  return Object.fromEntries(Object.entries(versions).map(([name, found]) => [name, found.join(', ')]));
}

/** A value that determines the bytes and differs from the lock; `undefined` on the side where it is absent. */
export interface LockDifference {
  what: string;
  locked: string | undefined;
  now: string | undefined;
}

/** Compares the locked values with the current ones, one by one. */
export function compareEnvironments(locked: object, now: object): LockDifference[] {
  const [before, after] = [new Map(flatten(locked)), new Map(flatten(now))];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter(what => before.get(what) !== after.get(what))
    .map(what => ({ what, locked: before.get(what), now: after.get(what) }));
}

/** Each value with its path, such as `options.http.limits.batch`. */
function flatten(value: object, above: string[] = []): [path: string, text: string][] {
  return Object.entries(value).flatMap(([name, inner]): [string, string][] => {
    const path = [...above, name];
    return isObject(inner)
      ? flatten(inner, path)
      : [[path.join('.'), typeof inner === 'string' ? inner : JSON.stringify(inner)]];
  });
}
