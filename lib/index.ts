/**
 * Inspects, presses and packs models at build time. A function loads its part of the toolkit when it is called.
 *
 * ```ts
 * import { pack } from 'coldpress';
 * ```
 * @module coldpress
 */

import type { InspectOptions, ModelReport } from './model/inspect.ts';
import type { PressOptions, PressReport } from './model/press/press-options.ts';
import type { Config } from './pack/config.ts';
import type { PackOptions, PackResult } from './pack/pack-options.ts';

export { ColdpressError } from './errors.ts';
export type { InspectOptions, ModelReport } from './model/inspect.ts';
export type { PressOptions, PressReport } from './model/press/press-options.ts';
export type { Config } from './pack/config.ts';
export type { PackOptions, PackResult } from './pack/pack-options.ts';

/** Returns its argument. Gives `coldpress.config.ts` types and completion in an editor. */
export function defineConfig(config: Config): Config {
  return config;
}

/**
 * Describes a model file, and says what prevents packing it. The model is not run.
 * @throws ColdpressError if the file is not a model
 */
export async function inspectModel(path: string, options: InspectOptions = {}): Promise<ModelReport> {
  const { inspectModel } = await import('./model/inspect.ts');
  return inspectModel(path, options);
}

/**
 * Rewrites, optimises and proves a model. `openModel` of `coldpress/runtime` opens the folder that it writes.
 * @throws ColdpressError if the file is not a model, its external data is unsafe, or the engine refuses it or crashes
 */
export async function pressModel(path: string, options: PressOptions): Promise<PressReport> {
  const { pressModel } = await import('./model/press/press.ts');
  return pressModel(path, options);
}

/**
 * Packs a model into an artifact. If it fails, nothing is written.
 * @throws ColdpressError with the code of what is wrong: the config, the model, the samples, the score, the size
 */
export async function pack(options: PackOptions): Promise<PackResult> {
  const { pack } = await import('./pack/pack.ts');
  return pack(options);
}
