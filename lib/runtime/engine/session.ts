import type { PressedManifest } from '../../contract/manifest.ts';
import type { CheckElements } from '../too-large.ts';
import type { EngineTensor } from './tensor.ts';

/** An open model, whichever engine computes it. */
export interface Session {
  /** Synchronous: it computes on the calling thread. Outputs come in the order of `outputNames`. */
  run(inputs: Map<string, EngineTensor>, outputNames: string[]): EngineTensor[];
  close(): void;
}

/**
 * Opens the model of a pressed folder or a packed function.
 * @param options.onNative - called when a native library is loaded, before it opens the model
 * @param options.checkElements - for an engine that counts what it makes
 * @param options.mostElements - for a model that counts it itself
 */
export type OpenEngine = (
  dir: string,
  manifest: PressedManifest,
  options: { onNative: () => void; checkElements: CheckElements; mostElements: () => number },
) => Session;
