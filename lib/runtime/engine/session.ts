import type { PressedManifest } from '../../contract/manifest.ts';
import type { CheckElements } from '../too-large.ts';
import type { EngineTensor } from './tensor.ts';

/** An open model of any engine. */
export interface Session {
  /** Runs synchronously, on the calling thread. Outputs are in the order of `outputNames`. */
  run(inputs: Map<string, EngineTensor>, outputNames: string[]): EngineTensor[];
  close(): void;
}

/**
 * Opens the model of a pressed folder or a packed function.
 * @param options.onNative - called when a native library is loaded, before it opens the model
 * @param options.checkElements - for an engine that counts the elements it creates
 * @param options.mostElements - for a model that counts them itself
 */
export type OpenEngine = (
  dir: string,
  manifest: PressedManifest,
  options: { onNative: () => void; checkElements: CheckElements; mostElements: () => number },
) => Session;
