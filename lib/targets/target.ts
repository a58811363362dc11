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
  /** The name in messages: `AWS Lambda`. */
  title: string;
  /** The module in `handlers/` that wires the platform to the runtime. */
  entry: string;
  /** The entry module for functions that stream their answers; absent if every function can. */
  streamingEntry?: string;
  /** Whether it receives events from queues, streams and buckets; if not, sinks are not used. */
  receivesEvents: boolean;
  /** Modules of lib/runtime that every function includes and loads when an event needs them. */
  chunks: readonly Chunk[];
  /** What the platform calls in the artifact, in its own notation: `index.handler`. */
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
