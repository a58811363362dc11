import { join, relative } from 'node:path';
import { openArtifact } from '../../artifact.ts';
import { ColdpressError } from '../../errors.ts';
import { onnxruntimeVersion } from '../../native/onnxruntime.ts';
import { entriesOf, LOCK_FILE, type Lock, type PackedEntry, readLock } from '../../pack/lock.ts';
import { loadEsbuild } from '../../vendored.ts';
import { version } from '../../version.ts';
import type { Finding } from '../pain.ts';
import { ofCode } from './model.ts';
import { checkRuntime } from './runtimes.ts';

/** Compares a project's lock with the installed packages, the artifacts, and the platforms' dates. */
export async function checkLock(dir: string, artifacts: string[], today: Date): Promise<Finding[]> {
  try {
    const lock = await readLock(join(dir, LOCK_FILE));
    return [
      ...Object.entries(lock.packed ?? {}).flatMap(([name, entry]) => [
        ...checkInstalled(name, entry),
        ...runtimeOf(entry).flatMap(id => checkRuntime(id, { where: LOCK_FILE, today })),
      ]),
      ...artifacts.flatMap(artifact => checkPacked(artifact, lock, dir)),
    ];
  } catch (error) {
    if (error instanceof ColdpressError) {
      return [ofCode(error, LOCK_FILE)];
    }
    throw error;
  }
}

function checkInstalled(name: string, entry: PackedEntry): Finding[] {
  const installed = { coldpress: version, onnxruntime: onnxruntimeVersion(), esbuild: loadEsbuild().version };
  return (['coldpress', 'onnxruntime', 'esbuild'] as const)
    .filter(tool => entry[tool] !== installed[tool])
    .map(tool => ({
      id: 'lock-drift',
      where: LOCK_FILE,
      link: 'docs/doctor.md#drift',
      evidence: `${name} is locked with ${tool} ${entry[tool]}, installed is ${installed[tool]}`,
      cause: 'pack --locked refuses to pack: the bytes could differ.',
      fix: 'Install the locked version; or accept the installed one, and commit the lock.',
      command: 'npx coldpress pack --lock',
    }));
}

function runtimeOf({ options }: PackedEntry): string[] {
  return typeof options.runtime === 'string' ? [options.runtime] : [];
}

/** Compares an artifact with its entry. */
function checkPacked(artifactDir: string, lock: Lock, dir: string): Finding[] {
  const manifest = readable(artifactDir);
  if (manifest === undefined) {
    return [];
  }
  const packed = { ...manifest.versions, model: manifest.model.sha256 };
  return entriesOf(lock, manifest).flatMap(([, entry]) =>
    (['coldpress', 'onnxruntime', 'node', 'model'] as const)
      .filter(what => packed[what] !== entry[what])
      .map(what => ({
        id: 'lock-drift',
        where: relative(dir, artifactDir) || '.',
        link: 'docs/doctor.md#drift',
        evidence: `packed with ${what} ${packed[what]}, the lock has ${entry[what]}`,
        cause: 'The artifact is not what the lock describes: it was packed before or after it.',
        fix: 'Pack it again.',
        command: 'npx coldpress pack --locked',
      })),
  );
}

/** `undefined` if the artifact cannot be read: the check of artifacts reports that. */
function readable(artifactDir: string) {
  try {
    return openArtifact(artifactDir).manifest;
  } catch {
    return undefined;
  }
}
