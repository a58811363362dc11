import { renameInside } from '../rename.ts';
import type { Pass } from './pass.ts';

/**
 * Names cross the Node binding as C strings and as keys of a plain object: a name with a NUL is truncated, `__proto__`
 * is lost, and invalid UTF-8 comes back as U+FFFD.
 */
export const engineNames: Pass = {
  name: 'engine-names',
  apply({ proto: { graph }, names }) {
    if (graph === undefined) {
      return undefined;
    }
    const edges = [...graph.input, ...graph.output];
    const renamed = new Map<string, string>();
    for (const { name } of edges) {
      if (!isPassable(name) && !renamed.has(name)) {
        renamed.set(name, `coldpress/value_${renamed.size}`);
      }
    }
    if (renamed.size === 0) {
      return undefined;
    }
    renameInside(graph, renamed);
    for (const value of edges) {
      value.name = renamed.get(value.name) ?? value.name;
    }
    for (const [name, engineName] of renamed) {
      names.set(engineName, name);
    }
    const shown = [...renamed.keys()].map(name => JSON.stringify(name)).join(', ');
    return `${shown} cannot be passed to ONNX Runtime by name; it knows ${renamed.size === 1 ? 'it by another' : 'them by others'}`;
  },
};

/** Whether a name passes through the engine and back unchanged. */
export function isPassable(name: string): boolean {
  return name !== '__proto__' && !/[\0\ufffd]/.test(name);
}
