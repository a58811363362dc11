import type { Chunk } from '../contract/chunks.ts';
import type { Architecture, Manifest } from '../contract/manifest.ts';
import type { LinuxSystem } from './linux-system.ts';

/** A version of Node that a platform offers. */
export interface Runtime {
  /** The platform's identifier: `nodejs24.x`. */
  id: string;
  nodeMajor: number;
  /** The system whose library versions native files may require. */
  system: LinuxSystem;
}

/** A place to which an artifact can be deployed, with its limits and layout as data. */
export interface Target {
  name: Manifest['target'];
  /** Name for readers. */
  title: string;
  /** The module in `handlers/` that wires the platform to the runtime. */
  entry: string;
  /** The entry module for functions that stream their answers; absent if every function can. */
  streamingEntry?: string;
  /** Whether it receives events of queues, streams and buckets; if not, sinks are not used. */
  takesEvents: boolean;
  /** Modules of lib/runtime that every function includes and loads when an event needs them. */
  chunks: readonly Chunk[];
  /** The platform's name for the function of that module that it calls. */
  handler: string;
  /** How the platform builds the source before running it: Google's buildpack requires extra files next to it. */
  build: 'none' | 'nodejs-buildpack';
  /** How the artifact's folders are uploaded; `none` if they become layers of an image. */
  archive: 'zip' | 'none';
  architectures: readonly [Architecture, ...Architecture[]];
  runtimes: readonly [Runtime, ...Runtime[]];
  /** Where the native files may be; the first is the default. */
  native: readonly ['inline' | 'layer', ...('inline' | 'layer')[]];
  /** Maximum bytes of everything unpacked, including layers; `undefined` if the platform states no limit. */
  unzippedLimitBytes: number | undefined;
}
