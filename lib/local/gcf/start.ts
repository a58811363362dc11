import { openArtifact } from '../../artifact.ts';
import type { Manifest } from '../../contract/manifest.ts';
import { ColdpressError } from '../../errors.ts';
import { type Engine, resolveHostEngine } from '../host-engine.ts';
import { chooseNode, type NodeChoice } from '../node.ts';
import { createSandbox } from '../sandbox.ts';
import { gcfEnvironment, type Signature } from './environment.ts';
import { freePort } from './free-port.ts';
import { type GcfInstance, startGcfInstance } from './instance.ts';
import { type GcfOptions, resolveGcfOptions } from './options.ts';
import { placeFramework } from './place-framework.ts';

export interface GcfFunction {
  manifest: Manifest;
  instance: GcfInstance;
  /** `@google-cloud/functions-framework 5.0.5` */
  framework: string;
  node: NodeChoice;
  engine: Engine;
  /** Ends the process as Cloud Run would, and removes its files. */
  close(): Promise<void>;
}

const startLimitMs = 240_000;

/**
 * Starts a gcf artifact under the functions framework that it carries, in an empty folder and a process of its own.
 * @throws ColdpressError
 */
export async function startGcf(dir: string, options: GcfOptions): Promise<GcfFunction> {
  const artifact = openArtifact(dir, { target: 'gcf' });
  const { manifest } = artifact;
  const plan = resolveGcfOptions(options, manifest);
  const engine = resolveHostEngine(manifest, plan.host);
  const node = await chooseNode(manifest.versions.node, plan.host);
  const sandbox = await createSandbox(artifact, engine);
  try {
    plan.signal?.throwIfAborted();
    const { version, main } = await placeFramework(sandbox.task);
    const instance = await startGcfInstance({
      command: [node.path, main],
      cwd: sandbox.task,
      env: gcfEnvironment({ ...plan, manifest, port: await freePort(plan.port) }),
      onLog: plan.onLog,
      startLimitMs,
      signal: plan.signal,
    });
    let closing: Promise<void> | undefined;
    const close = () => {
      closing ??= instance.stop().then(sandbox.remove);
      return closing;
    };
    plan.signal?.addEventListener('abort', close, { once: true });
    return { manifest, instance, framework: `functions-framework ${version}`, node, engine, close };
  } catch (error) {
    await sandbox.remove();
    throw error;
  }
}

/** @throws ColdpressError OPTION_INVALID */
export function checkSignature(text: string | undefined): Signature {
  if (text === undefined || text === 'http' || text === 'cloudevent') {
    return text ?? 'http';
  }
  throw new ColdpressError('OPTION_INVALID', `--signature is ${text}`, { hint: 'one of: http, cloudevent' });
}
