import type { Manifest } from '../contract/manifest.ts';
import type { Profile } from '../contract/profile.ts';
import { checkRuntime } from '../doctor/checks/runtimes.ts';
import type { Seen, Summed } from './logs/sum-entries.ts';

/** A change of the platform or the artifact. */
export interface TechnicalDrift {
  what: 'model' | 'coldpress' | 'onnxruntime' | 'node' | 'runtime';
  /** The packed or profiled version; `null` if only what runs is at fault. */
  packed: string | null;
  running: string;
  message: string;
  /**
   * Whether the change counts as drift. Otherwise it is only reported, such as a Node patch that the platform applied.
   */
  isFault: boolean;
}

/** Compares the versions that run with those that were packed and profiled. */
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
        what: 'runtime' as const,
        packed: null,
        running: id,
        isFault: true,
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
      what,
      packed,
      running: version,
      isFault: true,
      message: `${what} ${shorten(version)} runs, but ${shorten(packed)} was packed`,
    }));
}

/** While the platform updates Node, instances with the earlier patch still run. */
function severalNodes(seen: Seen): TechnicalDrift[] {
  const versions = Object.keys(seen).sort();
  return versions.length < 2
    ? []
    : [
        {
          what: 'node',
          packed: null,
          running: versions.join(', '),
          isFault: false,
          message: `Node changed in the window: ${versions.join(', ')}`,
        },
      ];
}

/** Runtime IDs from Lambda's own lines, such as `nodejs:24.v12`, and from the manifest. */
function runtimeIds({ runtime }: Summed['running'], manifest: Manifest | undefined): string[] {
  const majors = Object.keys(runtime).flatMap(text => /^nodejs:(\d+)/.exec(text)?.[1] ?? []);
  const ids = majors.map(major => `nodejs${major}.x`);
  return [...new Set([...ids, ...(manifest === undefined ? [] : [manifest.runtime])])];
}

function shorten(version: string): string {
  return /^[0-9a-f]{64}$/.test(version) ? version.slice(0, 12) : version;
}
