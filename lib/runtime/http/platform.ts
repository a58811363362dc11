import { cloudRunPayloadBytes } from '../../contract/platforms.ts';
import { byteLength } from './bytes.ts';
import type { HttpPlatform } from './types.ts';

/**
 * A self-hosted server or one of Google's platforms. A platform that knows more, such as a deadline, spreads this
 * object and overrides properties.
 */
export const plainServer: HttpPlatform = {
  name: 'this server',
  maxRequestBytes: cloudRunPayloadBytes,
  maxResponseBytes: cloudRunPayloadBytes,
  weigh: ({ body }) => byteLength(body),
  compresses: true,
  remainingMs: () => Number.POSITIVE_INFINITY,
};
