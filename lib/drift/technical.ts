import type { Manifest } from '../contract/manifest.ts';
import type { Profile } from '../contract/profile.ts';
import { checkRuntime } from '../doctor/checks/runtimes.ts';
import type { Seen, Summed } from './logs/sum-entries.ts';

/** Something of the platform or the artifact that is not what it was. */
export interface TechnicalDrift {
  what: 'model' | 'coldpress' | 'onnxruntime' | 'node' | 'runtime';
  /** What was packed or profiled; `null` where only what runs is at fault. */
  packed: string | null;
  running: string;
  message: string;
  /** Whether it counts as drift; else it is only reported, as a patch of Node that the platform applied. */
  isFault: boolean;
}

/** Compares what runs with what was packed and profiled. */
export function findTechnicalDrift(
  running: Summed['running'],
  { manifest, profile, today }: { manifest: Manifest | undefined; profile: Profile; today: Date },
): TechnicalDrift[] {
  const packed = manifest?.versions;
  return [
    ...differing('model', profile.model.sha256, running.modelSha256),
    ...(packed === undefined
      ? []
      : [
          ...differing('coldpress', packed.coldpress, running.coldpress),
          ...differing('onnxruntime', packed.onnxruntime, running.onnxruntime),
          ...differing('node', packed.node, running.node, version => version.split('.')[0]!),
        ]),
    ...severalNodes(running.node),
    ...runtimeIds(running, manifest).flatMap(id =>
      checkRuntime(id, { where: 'log', today }).map(({ cause, fix }) => ({
        ...{ what: 'runtime' as const, packed: null, running: id, isFault: true },
        message: `${cause} ${fix}`,
      })),
    ),
  ];
}

function differing(
  what: TechnicalDrift['what'],
  packed: string,
  seen: Seen,
  simplify: (version: string) => string = version => version,
): TechnicalDrift[] {
  return Object.keys(seen)
    .filter(version => simplify(version) !== packed)
    .map(version => ({
      ...{ what, packed, running: version, isFault: true },
      message: `${what} ${shorten(version)} runs, ${shorten(packed)} was packed`,
    }));
}

/** The platform replaces Node while instances of the earlier patch still run. */
function severalNodes(seen: Seen): TechnicalDrift[] {
  const versions = Object.keys(seen).sort();
  return versions.length < 2
    ? []
    : [
        {
          ...{ what: 'node', packed: null, running: versions.join(', '), isFault: false },
          message: `Node changed in the window: ${versions.join(', ')}`,
        },
      ];
}

/** `nodejs:24.v12` of Lambda's own lines, and what the manifest names. */
function runtimeIds({ runtime }: Summed['running'], manifest: Manifest | undefined): string[] {
  const majors = Object.keys(runtime).flatMap(text => /^nodejs:(\d+)/.exec(text)?.[1] ?? []);
  const ids = majors.map(major => `nodejs${major}.x`);
  return [...new Set([...ids, ...(manifest === undefined ? [] : [manifest.runtime])])];
}

function shorten(version: string): string {
  return /^[0-9a-f]{64}$/.test(version) ? version.slice(0, 12) : version;
}
