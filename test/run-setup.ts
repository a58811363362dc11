import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { reapFolder } from '../lib/reaper.ts';
import { makeTemporaryFolder } from '../lib/temporary-folder.ts';
import { version } from '../lib/version.ts';
import { startRegistry } from './registry.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** For what test files of a run share; it goes with the run. */
    runFolder: string;
    /** The URL of a registry of what this repository has installed. */
    registry: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const dir = await makeTemporaryFolder({ purpose: 'run' });
  // Also after the run: processes that end last write their compile cache.
  reapFolder(dir);
  const registry = await startRegistry(join(dir, `coldpress-${version}.tgz`));
  // Both are inherited by test files and by what they start: one file's work is the next one's, and this machine's own
  // caches have no part in it.
  process.env.COLDPRESS_CACHE_DIR = join(dir, 'cache');
  mkdirSync(process.env.COLDPRESS_CACHE_DIR);
  process.env.NODE_COMPILE_CACHE = join(dir, 'compile-cache');
  // Whatever a test, the CDK or a child process leaves in a temporary folder goes with the run, even when that is killed.
  const temporary = join(dir, 'tmp');
  mkdirSync(temporary);
  Object.assign(process.env, { TMPDIR: temporary, TEMP: temporary, TMP: temporary });
  project.provide('runFolder', dir);
  project.provide('registry', registry.url);
  return () => {
    registry.close();
    rmSync(dir, { recursive: true, force: true });
  };
}
