import type { Manifest } from '../../manifest.ts';
import type { Config } from '../../pack/config.ts';
import type { Problem } from '../error-at.ts';

/** What a construct asks the packing process for. Plain data; relative paths start at `cwd`. */
export interface PackRequest {
  cwd: string;
  cacheDir: string;
  /** A config file, or what one would export. */
  config?: string | Config;
  /** These come before the config's. */
  overrides: Pick<Config, 'model' | 'score' | 'samples' | 'arch' | 'runtime' | 'native'>;
}

/** What the process answers. */
export type PackAnswer =
  | { ok: true; dir: string; inputs: Stamps | undefined }
  | { ok: false; problem: Problem };

/** Every file that a packing depends on, and how it was found; see `stamp`. */
export type Stamps = Record<string, string>;

/** A packed model at synth: where its archives lie, and what it says of itself. */
export interface Packed {
  dir: string;
  manifest: Manifest;
}
