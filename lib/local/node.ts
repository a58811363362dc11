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
  /** Whether it has the major version of the artifact's runtime. */
  matches: boolean;
}

const run = promisify(execFile);

/**
 * Chooses the Node that runs the function: one with the target's major version if available, else the current one.
 * @param wanted - the manifest's version, of which only the major counts: `24`, `24.21.0`
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

/** The npm package `node` contains an executable, unless its install script was not run. */
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
    // A program named node that does not run is not used.
    return undefined;
  }
}
