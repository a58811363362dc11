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
import type { PackOptions, PackResult } from './pack/pack.ts';

export { ColdpressError } from './errors.ts';
export type { InspectOptions, ModelReport } from './model/inspect.ts';
export type { PressOptions, PressReport } from './model/press/press-options.ts';
export type { Config } from './pack/config.ts';
export type { PackOptions, PackResult } from './pack/pack.ts';

/** Types the default export of `coldpress.config.ts`. */
export function defineConfig(config: Config): Config {
  return config;
}

/**
 * Describes a model file and what stands in the way of packing it, without running it.
 * @throws ColdpressError for what is not a model
 */
export async function inspectModel(path: string, options: InspectOptions = {}): Promise<ModelReport> {
  const { inspectModel } = await import('./model/inspect.ts');
  return inspectModel(path, options);
}

/**
 * Rewrites, optimises and proves a model; the pressed folder is ready for `openModel` of `coldpress/runtime`.
 * @throws ColdpressError for what is not a model, has unsafe external data, or makes the engine refuse or die
 */
export async function pressModel(path: string, options: PressOptions): Promise<PressReport> {
  const { pressModel } = await import('./model/press/press.ts');
  return pressModel(path, options);
}

/**
 * Packs a model into an artifact, whole or not at all.
 * @throws ColdpressError
 */
export async function pack(options: PackOptions): Promise<PackResult> {
  const { pack } = await import('./pack/pack.ts');
  return pack(options);
}
