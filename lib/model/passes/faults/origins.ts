import type { NodeProto } from '../../onnx_pb.ts';
import type { Scope } from '../../scope.ts';

type Origins = ReadonlySet<string>;

const none: Origins = new Set();

/**
 * Returns a function from each value of a graph to the values it depends on, by elements or only by shape: inputs,
 * values from around the graph, and outputs of nodes that come later in the list.
 */
export function originsOf({ nodes, constants }: Scope): (name: string) => Origins {
  const known = new Map<string, Origins>();
  const originOf = (name: string): Origins =>
    known.get(name) ?? (name === '' || constants.has(name) ? none : new Set([name]));
  for (const node of nodes) {
    const origins = node.input.map(originOf).reduce(union, none);
    for (const name of node.output) {
      known.set(name, origins);
    }
  }
  return originOf;
}

/** Whether all inputs of the node have the same origins. */
export function haveOneOrigin(node: NodeProto, originOf: (name: string) => Origins): boolean {
  const [first = none, ...others] = node.input.map(originOf);
  return others.every(other => other.size === first.size && union(first, other) === first);
}

/** Returns one of the two if it includes the other, so that long chains of values share one set. */
function union(left: Origins, right: Origins): Origins {
  if (left === right || [...right].every(name => left.has(name))) {
    return left;
  }
  return [...left].every(name => right.has(name)) ? right : new Set([...left, ...right]);
}
