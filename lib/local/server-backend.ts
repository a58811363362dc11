import { randomUUID } from 'node:crypto';
import type { Backend, BackendEvents } from './backend.ts';
import { passOn } from './pass-on.ts';
import type { ServerFunction } from './server-function.ts';

/** A function that runs its own server receives requests unchanged. */
export function serverBackend(
  { manifest, instance, runtimeClient, node, engine, close }: ServerFunction,
  { onTiming, explain }: BackendEvents,
): Backend {
  return {
    manifest,
    runtimeClient,
    node,
    engine,
    close,
    init: async () => ({ kind: 'ready', initMs: instance.readyMs }),
    async answer(request, response) {
      const begun = performance.now();
      const { headers } = request;
      // The ID of the request in the function's telemetry; an event has its own.
      const idHeader = manifest.target === 'container' ? 'x-request-id' : 'function-execution-id';
      headers[idHeader] ??= randomUUID();
      await passOn(request, response, {
        url: instance.url,
        replaceFailure: explain && (() => explain(begun)),
        onHeaders(headers) {
          const timing = headers['server-timing'];
          if (timing !== undefined) {
            onTiming(String(timing));
          }
        },
      });
      return String(headers['ce-id'] ?? headers[idHeader]);
    },
    ended: instance.exited.then(() => {}),
  };
}
