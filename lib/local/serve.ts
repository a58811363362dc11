import { createServer } from 'node:http';
import type { Manifest } from '../contract/manifest.ts';
import { readArtifact } from './artifact.ts';
import type { Backend, BackendEvents } from './backend.ts';
import { startGcfBackend } from './gcf/backend.ts';
import type { Signature } from './gcf/environment.ts';
import { startLambdaBackend } from './lambda-backend.ts';
import type { LambdaOptions } from './lambda-options.ts';
import { listen, unlisten } from './listen.ts';
import { answerOwnPath, isOwnPath } from './own-paths.ts';
import { playgroundSamples } from './playground/samples.ts';
import type { InitEnd } from './run-instance.ts';
import { parseServerTiming, type TimedPhase } from './server-timing.ts';

export interface ServeOptions extends LambdaOptions {
  /** 0 takes any that is free. @default 9000 */
  port?: number | undefined;
  /** How a gcf artifact is called. @default http */
  signature?: Signature | undefined;
  /** Whether the server in front packs anew and tells at `/_coldpress/state` what is wrong. @default false */
  watches?: boolean | undefined;
}

const defaults: { port: number; signature: Signature; watches: boolean } = {
  port: 9000,
  signature: 'http',
  watches: false,
};

export interface ServedArtifact extends Pick<Backend, 'manifest' | 'runtimeClient' | 'node' | 'engine'> {
  /** `http://127.0.0.1:9000` */
  url: string;
  /** A page to ask it by; absent where it takes events alone. */
  playgroundUrl?: string;
  /** How INIT went; after a failed one the server is up, and answers as Lambda does then. */
  init: InitEnd;
  close(): Promise<void>;
  /** Settles after `close`, after the signal aborted, or when a function ended for good. */
  closed: Promise<void>;
}

/**
 * Keeps the function of the artifact in `dir` up as its platform would, and answers `/_coldpress/` itself: the
 * playground and `health`.
 */
export async function serveArtifact(dir: string, options: ServeOptions): Promise<ServedArtifact> {
  const { manifest, functionDir } = await readArtifact(dir);
  const plan = resolveServe(options);
  const takesRequests = manifest.target === 'aws-lambda' || plan.signature === 'http';
  const playground = takesRequests
    ? { samples: await playgroundSamples(functionDir, manifest), watches: plan.watches }
    : undefined;
  let phases: TimedPhase[] = [];
  let backend: Backend | undefined;
  const starting = Promise.withResolvers<Backend>();
  // Who else waits for it are requests; that it failed is told to the caller.
  starting.promise.catch(() => {});
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    starting.promise
      .then(started =>
        isOwnPath(url)
          ? answerOwnPath({ backend: started, phases, playground }, url, response)
          : started.answer(request, response),
      )
      .catch(() => {
        if (response.headersSent) {
          response.destroy();
        } else {
          response.writeHead(500).end();
        }
      });
  });
  const closed = Promise.withResolvers<void>();
  async function close() {
    await Promise.all([unlisten(server), backend?.close()]);
    closed.resolve();
  }
  try {
    const url = `http://127.0.0.1:${await listen(server, plan.port)}`;
    backend = await startBackend(dir, manifest, {
      ...plan,
      onTiming: header => {
        phases = parseServerTiming(header);
      },
    });
    options.signal?.throwIfAborted();
    options.signal?.addEventListener('abort', close, { once: true });
    backend.ended.then(close);
    starting.resolve(backend);
    const init = await backend.init();
    const { runtimeClient, node, engine } = backend;
    return {
      url,
      ...(playground && { playgroundUrl: `${url}/_coldpress/` }),
      ...{ init, manifest, runtimeClient, node, engine, close },
      closed: closed.promise,
    };
  } catch (error) {
    starting.reject(error);
    await close();
    throw error;
  }
}

type ServePlan = ReturnType<typeof resolveServe>;

function resolveServe({ port, signature, watches, ...options }: ServeOptions) {
  return {
    ...options,
    port: port ?? defaults.port,
    signature: signature ?? defaults.signature,
    watches: watches ?? defaults.watches,
    // The page that documents the endpoint is off by default in the cloud, and on here.
    env: { COLDPRESS_LOCAL: '1', ...options.env },
  };
}

function startBackend(dir: string, manifest: Manifest, plan: ServePlan & BackendEvents): Promise<Backend> {
  return manifest.target === 'gcf' ? startGcfBackend(dir, manifest, plan) : startLambdaBackend(dir, plan);
}
