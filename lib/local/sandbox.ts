import { constants } from 'node:fs';
import { copyFile, cp, mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '../artifact.ts';
import type { NativeEngine } from '../contract/manifest.ts';
import { checkNativeFiles } from '../native/check-artifact.ts';
import { reapFolder } from '../reaper.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { placeStandIn } from './deliveries/place-stand-in.ts';
import type { Engine } from './host-engine.ts';

/** A temporary folder with the layout of Lambda's file system. */
export interface Sandbox {
  /** The folder that contains all of it: `/`. */
  root: string;
  /** `/var/task`: the function. */
  task: string;
  /** `/var/runtime`: the runtime client. */
  runtime: string;
  /** Lambda's NODE_PATH, in order. */
  nodePath: string[];
  remove(): Promise<void>;
}

/**
 * Unpacks a copy of the artifact, so that the function finds only what was packed.
 * @param options.delivers - see `LocalOptions`
 * @throws ColdpressError ARTIFACT_CHANGED
 */
export async function createSandbox(
  artifact: Artifact,
  engine: Engine,
  { delivers = true }: { delivers?: boolean } = {},
): Promise<Sandbox> {
  const root = await realpath(await makeTemporaryFolder({ purpose: 'lambda' }));
  const [task, runtime, opt] = [join(root, 'var/task'), join(root, 'var/runtime'), join(root, 'opt')];
  const release = reapFolder(root);
  const remove = () => rm(root, { recursive: true, force: true, maxRetries: 3 }).then(release);
  const sandbox = {
    root,
    task,
    runtime,
    nodePath: [
      join(opt, `nodejs/node${Number.parseInt(artifact.manifest.versions.node, 10)}/node_modules`),
      join(opt, 'nodejs/node_modules'),
      join(runtime, 'node_modules'),
      runtime,
      task,
    ],
    remove,
  };
  try {
    await mkdir(runtime, { recursive: true });
    await copyFolder(artifact.functionDir, task);
    await checkNativeFiles(task, artifact.manifest.files);
    if (!delivers) {
      await placeStandIn(artifact, task);
    }
    if (artifact.layerDir !== undefined) {
      await copyFolder(artifact.layerDir, opt);
      await checkNativeFiles(opt, artifact.manifest.layer?.files ?? []);
    }
    if (engine.kind === 'host') {
      sandbox.nodePath.unshift(await placeHostEngine({ artifact, engine, root, task }));
    }
    return sandbox;
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Puts the host's native files where the function looks for its own. Returns a folder to put first in NODE_PATH. */
async function placeHostEngine(where: {
  artifact: Artifact;
  engine: Extract<Engine, { kind: 'host' }>;
  root: string;
  task: string;
}): Promise<string> {
  const { native, path } = where.artifact.manifest.engine as NativeEngine;
  const modules = join(where.root, 'host-engine');
  const dir = join(native === 'inline' ? where.task : modules, path);
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  for (const file of where.engine.files) {
    await copyFile(join(where.engine.nativeDir, file), join(dir, file), constants.COPYFILE_FICLONE);
  }
  return modules;
}

function copyFolder(from: string, to: string): Promise<void> {
  return cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
}
