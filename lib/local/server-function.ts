import type { Artifact } from '../artifact.ts';
import type { Manifest } from '../contract/manifest.ts';
import { freePort } from './free-port.ts';
import type { Host } from './host.ts';
import { type Engine, resolveHostEngine } from './host-engine.ts';
import { chooseNode, type NodeChoice } from './node.ts';
import { createSandbox } from './sandbox.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/** A function that runs its own server: Cloud Run's, or one in a container. */
export interface ServerFunction {
  manifest: Manifest;
  instance: ServerProcess;
  /** The program that passes requests to it, such as `functions-framework 5.0.5`. */
  runtimeClient: string;
  node: NodeChoice;
  engine: Engine;
  /** Ends the process as its platform would, and removes its files. */
  close(): Promise<void>;
}

/** How a platform starts the function. */
export interface ServerStart {
  /** Arguments for Node, relative to the function's folder. */
  args: string[];
  runtimeClient: string;
  /** The complete environment of the process. */
  env(port: number): Record<string, string>;
}

const startLimitMs = 240_000;

/**
 * Starts a function in a new folder and a process of its own.
 * @param start - prepares the function's folder
 * @throws ColdpressError
 */
export async function startServerFunction(
  artifact: Artifact,
  { host, port, onLog, delivers, signal }: ServerFunctionOptions,
  start: (functionDir: string) => ServerStart | Promise<ServerStart>,
): Promise<ServerFunction> {
  const { manifest } = artifact;
  const engine = resolveHostEngine(manifest, host);
  const node = await chooseNode(manifest.versions.node, host);
  const sandbox = await createSandbox(artifact, engine, { delivers });
  try {
    signal?.throwIfAborted();
    const { args, runtimeClient, env } = await start(sandbox.task);
    const instance = await startServerProcess({
      command: [node.path, ...args],
      cwd: sandbox.task,
      env: env(await freePort(port)),
      onLog,
      startLimitMs,
      signal,
    });
    let closing: Promise<void> | undefined;
    const close = () => {
      closing ??= instance.stop().then(sandbox.remove);
      return closing;
    };
    signal?.addEventListener('abort', close, { once: true });
    return { manifest, instance, runtimeClient, node, engine, close };
  } catch (error) {
    await sandbox.remove();
    throw error;
  }
}

export interface ServerFunctionOptions {
  host: Host;
  /** 0 selects a free port. */
  port: number;
  onLog: (text: string) => void;
  delivers: boolean;
  signal?: AbortSignal | undefined;
}
