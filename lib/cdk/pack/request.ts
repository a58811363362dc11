import type { Config } from '../../pack/config.ts';
import type { Problem } from '../error-at.ts';

/** What a construct asks the packing process for. Plain data; relative paths start at `cwd`. */
export interface PackRequest {
  cwd: string;
  cacheDir: string;
  /** A config file, or what one would export. */
  config?: string | Config;
  /** These come before the config's. */
  overrides: Pick<
    Config,
    'model' | 'score' | 'samples' | 'arch' | 'runtime' | 'native' | 'engine' | 'package'
  >;
}

/** Names a file that takes what an app would pack, a line of JSON each, in place of packing it. */
export const PACK_LIST = 'COLDPRESS_PACK_LIST';

/** A line of it. */
export interface Listed {
  /** Of the construct. */
  path: string;
  request: PackRequest;
}

/** What the process answers. */
export type PackAnswer =
  | { ok: true; dir: string; inputs: Stamps | undefined }
  | { ok: false; problem: Problem };

/** Every file that a packing depends on, and how it was found; see `stamp`. */
export type Stamps = Record<string, string>;
