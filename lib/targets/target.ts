import type { Architecture, Manifest } from '../manifest.ts';
import type { LinuxSystem } from './linux-system.ts';

/** A version of Node as a platform offers it. */
export interface Runtime {
  /** The platform's identifier: `nodejs24.x`. */
  id: string;
  nodeMajor: number;
  /** What the native files may ask for. */
  system: LinuxSystem;
}

/** A place that an artifact can be deployed to: limits and layout, as data. */
export interface Target {
  name: Manifest['target'];
  /** For people. */
  title: string;
  /** The module in `handlers/` that wires the platform to the runtime. */
  entry: string;
  architectures: readonly [Architecture, ...Architecture[]];
  runtimes: readonly [Runtime, ...Runtime[]];
  /** Where the native files may lie; the first is the default. */
  native: readonly ['inline' | 'layer', ...('inline' | 'layer')[]];
  /** Bytes of everything unpacked, layers counted; `undefined` where the platform states no limit. */
  unzippedLimitBytes: number | undefined;
}
