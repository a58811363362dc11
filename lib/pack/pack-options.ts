import type { Manifest } from '../contract/manifest.ts';
import type { PressReport } from '../model/press/press-options.ts';
import type { Budget } from './budget.ts';
import type { LockMode } from './pack-lock.ts';
import type { PackFlags } from './plan.ts';
import type { ScoreResult } from './run-score.ts';

/** Options of `pack`. Paths are relative to `cwd`; options come before the config. */
export interface PackOptions extends PackFlags {
  /**
   * Path of the config file.
   * @default `coldpress.config.ts` in `cwd`, if there is one
   */
  config?: string;
  /** The working directory. */
  cwd: string;
  /** The environment, for example `process.env`. It decides the cache folder and the registry. */
  env: NodeJS.ProcessEnv;
  /**
   * File that receives a copy of the SBOM.
   * @default none
   */
  sbom?: string;
  /**
   * Writes everything that determines the bytes to the lock, or requires that it matches the lock.
   * @default neither
   */
  lock?: LockMode | undefined;
  /**
   * Receives the name of each step as it begins.
   * @default nothing is reported
   */
  onProgress?: (step: string) => void;
  /**
   * Aborts the packing. Nothing is written.
   * @default none
   */
  signal?: AbortSignal;
}

/** What was packed. */
export interface PackResult {
  /** Absolute path of the artifact. */
  outDir: string;
  /** The manifest of the function. */
  manifest: Manifest;
  /** Why the model was not compiled, if `engine` allows it. */
  notCompiled?: string;
  /** Why ONNX Runtime cannot run the model. Its answers are proven by samples. */
  refused?: string;
  /** The engine that gave the same answers to generated inputs. Absent if there is no other engine to compare with. */
  reference?: PressReport['reference'];
  /**
   * Set if nothing is proven, because the model answered no generated input and there are no samples: what was tried,
   * and why the first input was not answered.
   */
  unanswered?: string;
  /** How the answers compare with the expected ones of the samples. */
  samples?: PressReport['samples'];
  /** The score, if there is one, and how it answered the samples or, without samples, the golden vector. */
  score?: ScoreResult;
  /** Settings that the target does not use, such as `sinks.results`. */
  unused: string[];
  /** Bytes of the artifact against the platform's limits. */
  budget: Budget;
  /** The archives to upload. */
  zips: { name: string; sizeBytes: number }[];
  /**
   * Paths of all files that determine the artifact: the model with its weights, the score with its imports, samples,
   * assets, the lock.
   */
  inputs: string[];
}
