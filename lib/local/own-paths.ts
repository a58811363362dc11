import type { ServerResponse } from 'node:http';
import type { Backend } from './backend.ts';
import type { Exception } from './log/exception.ts';
import { playgroundPage, playgroundPolicy } from './playground/page.ts';
import type { PlaygroundSamples } from './playground/samples.ts';
import { sendJson } from './send-json.ts';
import type { TimedPhase } from './server-timing.ts';

/** The state that the local server reports below `/_coldpress/`. These requests do not reach the function. */
export interface OwnPaths {
  backend: Backend;
  /** Phases of the last cold start; empty before the first answer reported them. */
  phases: TimedPhase[];
  /** `undefined` if the function does not accept requests. */
  playground: { samples: PlaygroundSamples; watches: boolean } | undefined;
  /** The last exception that the function threw. */
  exception: Exception | undefined;
}

export async function answerOwnPath(
  { backend, phases, playground, exception }: OwnPaths,
  url: string,
  response: ServerResponse,
): Promise<void> {
  const { manifest, runtimeClient, node, engine } = backend;
  const { kind, initMs } = await backend.init();
  switch (url) {
    case '/_coldpress/':
      if (playground === undefined) {
        return sendJson(response, 404, {
          error: 'this function handles events; the playground needs an HTTP function',
        });
      }
      response
        // The page contains the current phases, so it must not be cached.
        .writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': playgroundPolicy,
          'cache-control': 'no-store',
        })
        .end(playgroundPage(manifest, { ...playground, cold: { isUp: kind === 'ready', initMs, phases } }));
      return;
    case '/_coldpress/health':
      return sendJson(response, kind === 'ready' ? 200 : 503, {
        status: kind === 'ready' ? 'ok' : 'init failed',
        name: manifest.name,
        cold: { initMs, phases },
        runtimeClient,
        node: node.version,
        engine: engine.kind,
      });
    case '/_coldpress/exception':
      return sendJson(response, 200, { exception: exception ?? null });
    default:
      sendJson(response, 404, { error: `not found: ${url}` });
  }
}
