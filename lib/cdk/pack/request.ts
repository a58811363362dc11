import type { Config } from '../../pack/config.ts';
import type { LockMode } from '../../pack/pack-lock.ts';
import type { PackReport } from '../../pack/pack-report.ts';
import type { Problem } from '../error-at.ts';

/** A construct's request to the packing process. It is plain data; relative paths start at `cwd`. */
export interface PackRequest {
  cwd: string;
  cacheDir: string;
  /** Path of a config file, or the object that such a file exports. */
  config?: string | Config;
  /** These take precedence over the config. */
  overrides: Pick<
    Config,
    'model' | 'score' | 'samples' | 'arch' | 'runtime' | 'native' | 'engine' | 'package'
  >;
}

/** A request of `coldpress pack --all`, which may use the lock; a synthesis does not. */
export type LockedRequest = PackRequest & { lock?: LockMode };

/**
 * CDK context that names a file. If `coldpress pack --all` sets it, the app's constructs append what they would pack to
 * the file, one line of JSON each, and pack nothing.
 */
export const PACK_LIST = 'coldpress:pack-list';

/** A line of that file. */
export interface Listed {
  /** The construct's path. */
  path: string;
  request: PackRequest;
}

/** A packed model. */
export interface Packed {
  dir: string;
  report: PackReport;
}

/** The answer of the packing process. */
export type PackAnswer =
  | ({ ok: true; inputs: Stamps | undefined } & Packed)
  | { ok: false; problem: Problem };

/** Every file that packing depends on, and its state; see `stamp`. */
export type Stamps = Record<string, string>;
