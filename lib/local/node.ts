import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Host } from './host.ts';

export interface NodeChoice {
  path: string;
  version: string;
  /** Where it was found: coldpress's own Node, PATH, or the project's `node` package. */
  source: 'current' | 'path' | 'project';
  /** Whether its major version is the one that the artifact's runtime has. */
  matches: boolean;
}

const run = promisify(execFile);

/**
 * The Node that runs the function: of the target's major version where there is one, else the current one.
 * @param wanted - the version in the manifest; only its major counts: `24`, `24.21.0`
 */
export async function chooseNode(wanted: string, host: Host): Promise<NodeChoice> {
  const current = { path: host.execPath, version: host.nodeVersion, source: 'current' as const };
  if (majorOf(current.version) === majorOf(wanted)) {
    return { ...current, matches: true };
  }
  for (const { path, source } of [...onPath(host), ...inProject(host)]) {
    const version = await versionOf(path);
    if (version !== undefined && majorOf(version) === majorOf(wanted)) {
      return { path, version, source, matches: true };
    }
  }
  return { ...current, matches: false };
}

export function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

type Candidate = Pick<NodeChoice, 'path' | 'source'>;

function onPath({ env, platform }: Host): Candidate[] {
  const folders = (env.PATH ?? '').split(delimiter).filter(folder => folder !== '');
  const name = platform === 'win32' ? 'node.exe' : 'node';
  return [...new Set(folders)]
    .map(folder => ({ path: join(folder, name), source: 'path' as const }))
    .filter(exists);
}

/** The npm package `node` brings an executable, unless its install script was kept from running. */
function inProject({ cwd, platform }: Host): Candidate[] {
  try {
    const manifest = createRequire(join(cwd, 'any.js')).resolve('node/package.json');
    const path = join(dirname(manifest), 'bin', platform === 'win32' ? 'node.exe' : 'node');
    return [{ path, source: 'project' as const }].filter(exists);
  } catch {
    return [];
  }
}

function exists({ path }: Candidate): boolean {
  return existsSync(path);
}

async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, ['--version']);
    return stdout.trim().replace(/^v/, '');
  } catch {
    // Something named node that does not run is no candidate.
    return undefined;
  }
}
