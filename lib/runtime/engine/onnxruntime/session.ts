import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { defaultElements, ELEMENTS_INPUT } from '../../../contract/elements-input.ts';
import type { SessionOptions } from '../../../contract/manifest.ts';
import type { OutputMetadata } from '../../probe/types.ts';
import type { Session } from '../session.ts';
import { EngineTensor } from '../tensor.ts';
import type { Binding, BindingSession } from './binding.ts';

/** ONNX Runtime's log level: fatal. Its errors are thrown, too, and its log would quote the request's data. */
const logLevelFatal = 4;

const require = createRequire(import.meta.url);

let binding: Binding | undefined;

/**
 * Loads ONNX Runtime's native library, once a process, and registers its operators.
 * @param path - the binding, or a module path that NODE_PATH leads to
 * @param onLoaded - called between the two, when the disk has done with the library
 */
export function loadEngine(path: string, onLoaded = () => {}): Binding {
  if (binding === undefined) {
    // ONNX Runtime's own packages report every session to Microsoft, write a database and logs for it, and spend a
    // part of the cold start on it. Read when the library initialises; whoever sets the variable is not overruled.
    process.env.ORT_DISABLE_TELEMETRY ??= '1';
    const loaded: Binding = require(path);
    onLoaded();
    loaded.initOrtOnce(logLevelFatal, EngineTensor, isMainThread);
    binding = loaded;
  }
  return binding;
}

/** An open model of ONNX Runtime, which knows more than it computes. */
export interface NativeSession extends Session {
  /** Whether it has the input `ELEMENTS_INPUT`. */
  countsElements: boolean;
  /** What the engine infers of the outputs. */
  describeOutputs(): OutputMetadata[];
}

/**
 * Opens a model by path, so that its weights are mapped, not read. One that counts what it makes gets the limit of a
 * model without a setting, unless the inputs have another.
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

/** The limit as the model compares with it: it lets through what is less. */
export function elementsTensor(most: number): EngineTensor {
  // The next FLOAT.
  return new EngineTensor('float32', Float32Array.of(Math.fround(most) * (1 + 2 ** -23)), []);
}
