import { byteLength } from './bytes.ts';
import type { HttpPlatform } from './types.ts';

const megabytes = 2 ** 20;

/**
 * A server of one's own, and Google's platforms: 32 MiB each way, https://cloud.google.com/run/quotas. Whoever knows
 * more, as a deadline, spreads this and says so.
 */
export const plainServer: HttpPlatform = {
  name: 'this server',
  maxRequestBytes: 32 * megabytes,
  maxResponseBytes: 32 * megabytes,
  weigh: ({ body }) => byteLength(body),
  compresses: true,
  remainingMs: () => Number.POSITIVE_INFINITY,
};
