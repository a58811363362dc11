import { reachableHost, resolveHosts } from './hosts.ts';
import { listen, unlisten } from './listen.ts';
import { createLocalServer } from './local-server.ts';
import { type RunningFunction, type RunOptions, runFunction } from './run-function.ts';
import type { InitEnd } from './run-instance.ts';

export interface ServeOptions extends RunOptions {
  /** 0 selects a free port. @default 9000 */
  port?: number | undefined;
  /** Host names to accept in addition to those of loopback, and at most one IP address to listen on. @default none */
  hosts?: readonly string[] | undefined;
}

const defaults = { port: 9000 } as const satisfies Partial<ServeOptions>;

export interface ServedArtifact
  extends Pick<RunningFunction, 'manifest' | 'runtimeClient' | 'node' | 'engine'> {
  /** `http://127.0.0.1:9000` */
  url: string;
  /** A page to try the function; absent if it accepts only events. */
  playgroundUrl?: string;
  /** The result of INIT. If it failed, the server still runs and answers as Lambda does then. */
  init: InitEnd;
  close(): Promise<void>;
  /** Settles after `close`, after the signal aborted, or when a function ended for good. */
  closed: Promise<void>;
}

/**
 * Serves the artifact in `dir` to this machine.
 * @throws ColdpressError OPTION_INVALID, PORT_UNAVAILABLE, and the errors of `runFunction`
 */
export async function serveArtifact(dir: string, options: ServeOptions): Promise<ServedArtifact> {
  const hosts = resolveHosts(options.hosts);
  let running: RunningFunction | undefined;
  const starting = Promise.withResolvers<RunningFunction>();
  // Requests also wait for this promise; the caller receives the error.
  starting.promise.catch(() => {});
  const server = createLocalServer({
    hosts,
    origins: () => running?.manifest.http?.cors?.origins ?? [],
    answer: async (request, response) => (await starting.promise).answer(request, response),
  });
  const closed = Promise.withResolvers<void>();
  async function close() {
    await Promise.all([unlisten(server), running?.close()]);
    closed.resolve();
  }
  try {
    const port = await listen(server, options.port ?? defaults.port, hosts.address);
    running = await runFunction(dir, options);
    options.signal?.throwIfAborted();
    options.signal?.addEventListener('abort', close, { once: true });
    running.ended.then(close);
    starting.resolve(running);
    const init = await running.init();
    const { manifest, runtimeClient, node, engine, hasPlayground } = running;
    const url = `http://${reachableHost(hosts.address)}:${port}`;
    return {
      url,
      ...(hasPlayground && { playgroundUrl: `${url}/_coldpress/` }),
      init,
      manifest,
      runtimeClient,
      node,
      engine,
      close,
      closed: closed.promise,
    };
  } catch (error) {
    starting.reject(error);
    await close();
    throw error;
  }
}
