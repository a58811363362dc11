import { cloudRunPayloadBytes } from '../../contract/platforms.ts';
import { byteLength } from './bytes.ts';
import type { HttpPlatform } from './types.ts';

/**
 * A server of one's own, and Google's platforms. Whoever knows
 * more, as a deadline, spreads this and says so.
 */
export const plainServer: HttpPlatform = {
  name: 'this server',
  maxRequestBytes: cloudRunPayloadBytes,
  maxResponseBytes: cloudRunPayloadBytes,
  weigh: ({ body }) => byteLength(body),
  compresses: true,
  remainingMs: () => Number.POSITIVE_INFINITY,
};
