import type { Backend, BackendEvents } from './backend.ts';
import { passOn } from './pass-on.ts';
import type { ServerFunction } from './server-function.ts';

/** A function that is a server of its own gets what comes as it is. */
export function serverBackend(
  { manifest, instance, runtimeClient, node, engine, close }: ServerFunction,
  { onTiming }: BackendEvents,
): Backend {
  return {
    ...{ manifest, runtimeClient, node, engine, close },
    init: async () => ({ kind: 'ready', initMs: instance.readyMs }),
    async answer(request, response) {
      passOn(request, response, {
        url: instance.url,
        onHeaders(headers) {
          const timing = headers['server-timing'];
          if (timing !== undefined) {
            onTiming(String(timing));
          }
        },
      });
    },
    ended: instance.exited.then(() => {}),
  };
}
