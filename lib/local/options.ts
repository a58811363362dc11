import type { Host } from './host.ts';

/** How a function runs here, whatever its platform. */
export interface LocalOptions {
  host: Host;
  /** MB. @default what the platform's emulator says */
  memoryMb?: number | undefined;
  /** @default what the platform's emulator says */
  timeoutSeconds?: number | undefined;
  /** The function's own environment variables. @default none */
  env?: Record<string, string> | undefined;
  /** What the function and the platform print, as it comes. @default dropped */
  onLog?: ((text: string) => void) | undefined;
  /** Whether sinks and buckets are the config's own. Otherwise what would reach them is a line of the log. @default true */
  delivers?: boolean | undefined;
  /** Ends the function when it aborts; what is under way rejects with its reason. @default never */
  signal?: AbortSignal | undefined;
}

export const localDefaults = {
  env: {},
  onLog: () => {},
  delivers: true,
} as const satisfies Partial<LocalOptions>;
