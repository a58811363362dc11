import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import type { SessionOptions } from '../../manifest.ts';
import { type Binding, type BindingSession, EngineTensor } from './binding.ts';

/** ONNX Runtime's log level: only errors, as a warning at every start would be noise in a function's log. */
const logLevelError = 3;

const require = createRequire(import.meta.url);

let binding: Binding | undefined;

/**
 * Loads ONNX Runtime's native library, once a process, and registers its operators.
 * @param path - the binding, or a module path that NODE_PATH leads to
 */
export function loadEngine(path: string): Binding {
  if (binding === undefined) {
    const loaded: Binding = require(path);
    loaded.initOrtOnce(logLevelError, EngineTensor, isMainThread);
    binding = loaded;
  }
  return binding;
}

export interface Session {
  /** Synchronous: the binding computes on the calling thread. Outputs come in the order of `outputNames`. */
  run(inputs: Map<string, EngineTensor>, outputNames: string[]): EngineTensor[];
  close(): void;
}

/** Opens a model by path, so that its weights are mapped, not read. */
export function openSession(engine: Binding, modelPath: string, options: SessionOptions): Session {
  const session: BindingSession = new engine.InferenceSession();
  session.loadModel(modelPath, options);
  return {
    run(inputs, outputNames) {
      const results = session.run(record(inputs), record(outputNames.map(name => [name, null])), {});
      return outputNames.map(name => result(results, name));
    },
    close: () => session.dispose(),
  };
}

/** An object without a prototype, in which a tensor may be named `__proto__`. */
function record(entries: Iterable<[string, unknown]>): object {
  const object = Object.create(null);
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true });
  }
  return object;
}

/** The binding assigns its results to a plain object, where `__proto__` replaces the prototype. */
function result(results: Record<string, EngineTensor>, name: string): EngineTensor {
  return name === '__proto__' ? Object.getPrototypeOf(results) : results[name]!;
}
