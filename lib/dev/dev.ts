import { join, resolve, sep } from 'node:path';
import { ColdpressError } from '../errors.ts';
import { reachableHost, resolveHosts } from '../local/hosts.ts';
import type { LambdaOptions } from '../local/lambda-options.ts';
import { listen, unlisten } from '../local/listen.ts';
import type { FunctionEvent } from '../local/log/function-log.ts';
import { type RunningFunction, runFunction } from '../local/run-function.ts';
import { loadConfig } from '../pack/config.ts';
import { pack } from '../pack/pack.ts';
import { type PackFlags, resolvePlan } from '../pack/plan.ts';
import { createFront, type DevState } from './front.ts';
import { expectStarted } from './started.ts';
import { Watch } from './watch.ts';

export interface DevOptions extends LambdaOptions, Pick<PackFlags, 'model' | 'target' | 'arch' | 'out'> {
  cwd: string;
  /** Environment of this process, which determines the cache folder. */
  processEnv: NodeJS.ProcessEnv;
  config?: string | undefined;
  /** 0 selects a free port. @default 9000 */
  port?: number | undefined;
  /** See `serveArtifact`. */
  hosts?: readonly string[] | undefined;
  onEvent: (event: DevEvent) => void;
}

export type DevEvent =
  | { kind: 'changed'; name: string }
  | { kind: 'step'; step: string }
  | { kind: 'ready'; url: string; outDir: string; packMs: number; startMs: number }
  | { kind: 'failed'; error: unknown }
  /** Events of the running function. */
  | FunctionEvent;

export interface Dev {
  url: string;
  close(): Promise<void>;
}

/** Packs and serves, and repeats both when a file changes. If packing fails, the last function keeps running. */
export async function startDev(options: DevOptions): Promise<Dev> {
  const { cwd, onEvent } = options;
  let state: DevState = {};
  let running: RunningFunction | undefined;
  /** Files that the last successful pack read. */
  let read: string[] = [];
  /** After a failed pack, missing files may be added anywhere next to its sources. */
  let hasFailed = false;
  let closed = false;
  let work: Promise<void> = Promise.resolve();
  let waits = false;
  const watch = new Watch(name => {
    onEvent({ kind: 'changed', name });
    // A pack that is already waiting will include this change.
    if (!waits) {
      waits = true;
      work = work.then(() => {
        waits = false;
        return renew();
      });
    }
  });
  const hosts = resolveHosts(options.hosts);
  const server = createFront(hosts, () => state);
  const port = await listen(server, options.port ?? 9000, hosts.address);
  const url = `http://${reachableHost(hosts.address)}:${port}`;

  async function renew(): Promise<void> {
    if (closed) {
      return;
    }
    // Read again each time, because the config may now name other files.
    const named = await sources(options).catch(() => [join(cwd, 'coldpress.config.ts')]);
    const watchNow = () => watch.watch({ siblingsOf: hasFailed ? named : [], files: [...named, ...read] });
    watchNow();
    try {
      const begun = performance.now();
      const { outDir, inputs } = await pack({
        ...packFlags(options),
        // The requests that follow report how the score fails.
        runScore: false,
        onProgress: step => onEvent({ kind: 'step', step }),
      });
      read = inputs.filter(path => !path.includes(`${sep}node_modules${sep}`));
      hasFailed = false;
      watchNow();
      const packMs = performance.now() - begun;
      const next = await runFunction(outDir, { ...options, watches: true, explains: true });
      await expectStarted(next);
      state = { running: next };
      await running?.close();
      running = next;
      onEvent({ kind: 'ready', url, outDir, packMs, startMs: performance.now() - begun - packMs });
    } catch (error) {
      // An abort is not a failure.
      if (options.signal?.aborted === true) {
        return;
      }
      hasFailed = true;
      watchNow();
      state = { ...state, error: describe(error) };
      onEvent({ kind: 'failed', error });
    }
  }

  work = renew();
  await work;
  return {
    url,
    async close() {
      closed = true;
      watch.close();
      await Promise.all([unlisten(server), work]);
      await running?.close();
    },
  };
}

function packFlags({ cwd, processEnv, config, model, target, arch, out, signal }: DevOptions) {
  return {
    cwd,
    env: processEnv,
    ...(config !== undefined && { config }),
    ...(model !== undefined && { model }),
    ...(target !== undefined && { target }),
    ...(arch !== undefined && { arch }),
    ...(out !== undefined && { out }),
    ...(signal !== undefined && { signal }),
  };
}

async function sources(options: DevOptions): Promise<string[]> {
  const loaded = await loadConfig(options.config, options.cwd);
  const plan = resolvePlan(packFlags(options), loaded, options.cwd);
  return [
    loaded.path ?? resolve(options.cwd, 'coldpress.config.ts'),
    ...(/^\w+:\/\//.test(plan.modelPath) ? [] : [plan.modelPath]),
    ...(plan.scorePath === undefined ? [] : [plan.scorePath]),
    ...(plan.samples === undefined ? [] : [plan.samples.path]),
  ];
}

function describe(error: unknown): string {
  if (error instanceof ColdpressError) {
    return `${error.code}: ${error.message}${error.hint === undefined ? '' : ` (${error.hint})`}`;
  }
  return error instanceof Error ? error.message : String(error);
}
