import type { Chunk } from '../contract/chunks.ts';
import type { Architecture, Manifest } from '../contract/manifest.ts';
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
  /** The one of functions that stream their answers; absent where every function can. */
  streamingEntry?: string;
  /** Whether events of queues, streams and buckets reach it; where they do not, its sinks take nothing. */
  takesEvents: boolean;
  /** Modules of lib/runtime that every function carries and loads when an event calls for them. */
  chunks: readonly Chunk[];
  /** How the platform names what it calls of that module. */
  handler: string;
  /** What the platform does with the source before it runs it: Google's buildpack wants files of its own beside it. */
  build: 'none' | 'nodejs-buildpack';
  /** What the folders of the artifact are uploaded as; `none` where they become layers of an image. */
  archive: 'zip' | 'none';
  architectures: readonly [Architecture, ...Architecture[]];
  runtimes: readonly [Runtime, ...Runtime[]];
  /** Where the native files may lie; the first is the default. */
  native: readonly ['inline' | 'layer', ...('inline' | 'layer')[]];
  /** Bytes of everything unpacked, layers counted; `undefined` where the platform states no limit. */
  unzippedLimitBytes: number | undefined;
}
