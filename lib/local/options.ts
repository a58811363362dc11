import type { Host } from './host.ts';

/** How a function runs locally, on any platform. */
export interface LocalOptions {
  host: Host;
  /** MB. @default that of the platform's emulator */
  memoryMb?: number | undefined;
  /** @default that of the platform's emulator */
  timeoutSeconds?: number | undefined;
  /** The function's own environment variables. @default none */
  env?: Record<string, string> | undefined;
  /** Receives the output of the function and the platform as it arrives. @default dropped */
  onLog?: ((text: string) => void) | undefined;
  /** Whether sinks and buckets are the config's own. Otherwise deliveries are only logged. @default true */
  delivers?: boolean | undefined;
  /** Ends the function when it aborts; pending calls reject with its reason. @default never */
  signal?: AbortSignal | undefined;
}

export const localDefaults = {
  env: {},
  onLog: () => {},
  delivers: true,
} as const satisfies Partial<LocalOptions>;
