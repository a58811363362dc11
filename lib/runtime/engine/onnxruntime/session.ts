import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { defaultElements, ELEMENTS_INPUT } from '../../../contract/elements-input.ts';
import type { SessionOptions } from '../../../contract/manifest.ts';
import type { OutputMetadata } from '../../probe/types.ts';
import type { Session } from '../session.ts';
import { EngineTensor } from '../tensor.ts';
import type { Binding, BindingSession } from './binding.ts';

/** ONNX Runtime's log level "fatal". Its errors are thrown anyway, and its log would quote the request's data. */
const logLevelFatal = 4;

const require = createRequire(import.meta.url);

let binding: Binding | undefined;

/**
 * Loads ONNX Runtime's native library once per process, and registers its operators.
 * @param path - the binding, or a module path on NODE_PATH
 * @param onLoaded - called between the two, when reading the library from disk is done
 */
export function loadEngine(path: string, onLoaded = () => {}): Binding {
  if (binding === undefined) {
    // ONNX Runtime's own packages report every session to Microsoft, write a database and logs for it, and spend part
    // of the cold start on it. The library reads the variable when it initialises; a value that is already set is kept.
    process.env.ORT_DISABLE_TELEMETRY ??= '1';
    const loaded: Binding = require(path);
    onLoaded();
    loaded.initOrtOnce(logLevelFatal, EngineTensor, isMainThread);
    binding = loaded;
  }
  return binding;
}

/** An open ONNX Runtime session, with details of its model. */
export interface NativeSession extends Session {
  /** Whether the model has the input `ELEMENTS_INPUT`. */
  countsElements: boolean;
  /** Returns the engine's metadata of the outputs. */
  describeOutputs(): OutputMetadata[];
}

/**
 * Opens a model by path, so that its weights are mapped rather than read. A model that counts the elements it creates
 * gets the default limit, unless the inputs contain another.
 */
export function openSession(engine: Binding, modelPath: string, options: SessionOptions): NativeSession {
  const session: BindingSession = new engine.InferenceSession();
  session.loadModel(modelPath, options);
  const countsElements = session.inputMetadata.some(({ name }) => name === ELEMENTS_INPUT);
  return {
    countsElements,
    run(inputs, outputNames) {
      const fetches = Object.fromEntries(outputNames.map(name => [name, null]));
      const feeds = Object.fromEntries(inputs);
      if (countsElements) {
        feeds[ELEMENTS_INPUT] ??= elementsTensor(defaultElements);
      }
      const results = session.run(feeds, fetches, {});
      return outputNames.map(name => results[name]!);
    },
    describeOutputs: () => session.outputMetadata,
    close: () => session.dispose(),
  };
}

/** Returns the limit as a tensor, raised slightly because the model accepts only smaller counts. */
export function elementsTensor(most: number): EngineTensor {
  // The next greater float32 number.
  return new EngineTensor('float32', Float32Array.of(Math.fround(most) * (1 + 2 ** -23)), []);
}
