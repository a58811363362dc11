/**
 * The part of onnxruntime-node's native binding that coldpress uses. Its JavaScript wrapper is left out: it adds 6 to
 * 10 ms to a cold start, defers every call by a turn of the event loop, and contains nothing that a function needs.
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
