import type { Manifest } from '../../manifest.ts';
import type { ServedArtifact, ServeOptions } from '../serve.ts';
import { startGcf } from './start.ts';

/** Keeps a gcf artifact up: the functions framework itself listens on the port. */
export async function serveGcf(
  dir: string,
  manifest: Manifest,
  { port, signature = 'http', ...options }: ServeOptions & { port: number },
): Promise<ServedArtifact> {
  const served = await startGcf(dir, manifest, {
    ...options,
    env: { COLDPRESS_LOCAL: '1', ...options.env },
    port,
    signature,
  });
  const { instance, framework, node, engine, close } = served;
  return {
    url: instance.url,
    init: { kind: 'ready', initMs: instance.readyMs },
    ...{ manifest, node, engine, close },
    runtimeClient: framework,
    closed: instance.exited.then(close),
  };
}
