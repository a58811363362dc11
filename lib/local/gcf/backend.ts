import type { Backend, BackendEvents } from '../backend.ts';
import { passOn } from '../pass-on.ts';
import type { GcfOptions } from './options.ts';
import { startGcf } from './start.ts';

/** A gcf artifact: what comes goes to the functions framework as it is. */
export async function startGcfBackend(
  dir: string,
  { onTiming, ...options }: Omit<GcfOptions, 'port'> & BackendEvents,
): Promise<Backend> {
  const { manifest, instance, framework, node, engine, close } = await startGcf(dir, { ...options, port: 0 });
  return {
    ...{ manifest, node, engine, close },
    runtimeClient: framework,
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
