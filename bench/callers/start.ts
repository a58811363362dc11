import { startContainer } from '../../lib/local/container/start.ts';
import { startGcf } from '../../lib/local/gcf/start.ts';
import { hostOf } from '../../lib/local/host.ts';
import type { ServerFunction } from '../../lib/local/server-function.ts';

/** Targets whose instances receive concurrent requests. */
export type SharingTarget = 'gcf' | 'container';

export interface Pair {
  /** Gives each request its own run. */
  alone: ServerFunction;
  together: ServerFunction;
  close(): Promise<void>;
}

/** Starts a packed function twice. */
export async function startPair(dir: string, target: SharingTarget): Promise<Pair> {
  const start = (env: Record<string, string>) => {
    const options = { host: hostOf(process), port: 0, env };
    return target === 'gcf' ? startGcf(dir, { ...options, signature: 'http' }) : startContainer(dir, options);
  };
  const together = await start({});
  const alone = await start({ COLDPRESS_BATCH_ROWS: '1' });
  return {
    alone,
    together,
    async close() {
      await Promise.all([alone.close(), together.close()]);
    },
  };
}
