import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
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
  /** What the engine infers of the outputs. */
  describeOutputs(): OutputMetadata[];
}

/** Opens a model by path, so that its weights are mapped, not read. */
export function openSession(engine: Binding, modelPath: string, options: SessionOptions): NativeSession {
  const session: BindingSession = new engine.InferenceSession();
  session.loadModel(modelPath, options);
  return {
    run(inputs, outputNames) {
      const fetches = Object.fromEntries(outputNames.map(name => [name, null]));
      const results = session.run(Object.fromEntries(inputs), fetches, {});
      return outputNames.map(name => results[name]!);
    },
    describeOutputs: () => session.outputMetadata,
    close: () => session.dispose(),
  };
}
