/**
 * What coldpress uses of onnxruntime-node's native binding. Its JavaScript wrapper is left out: it costs 6 to 10 ms of
 * a cold start and defers every call by a turn of the event loop, and there is nothing in it that a function needs.
 */
import type { OutputMetadata } from '../../probe/types.ts';
import type { EngineTensor } from '../tensor.ts';

export interface BindingSession {
  readonly inputMetadata: { name: string }[];
  readonly outputMetadata: OutputMetadata[];
  loadModel(path: string, options: object): void;
  run(feeds: object, fetches: object, options: object): Record<string, EngineTensor>;
  dispose(): void;
}

export interface Binding {
  InferenceSession: new () => BindingSession;
  initOrtOnce(logLevel: number, tensor: typeof EngineTensor, isMainThread: boolean): void;
}
