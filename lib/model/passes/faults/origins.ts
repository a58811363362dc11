import type { NodeProto } from '../../onnx_pb.ts';
import type { Scope } from '../../scope.ts';

type Origins = ReadonlySet<string>;

const none: Origins = new Set();

/**
 * What each value of a graph follows from, by its elements or its shape alone: inputs, values from around the graph,
 * and nodes that stand before the ones that make what they take.
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

/** Whether all of the values follow from the same. */
export function haveOneOrigin(node: NodeProto, originOf: (name: string) => Origins): boolean {
  const [first = none, ...others] = node.input.map(originOf);
  return others.every(other => other.size === first.size && union(first, other) === first);
}

/** One of the two where it has all of the other, so that long chains of values share one set. */
function union(left: Origins, right: Origins): Origins {
  if (left === right || [...right].every(name => left.has(name))) {
    return left;
  }
  return [...left].every(name => right.has(name)) ? right : new Set([...left, ...right]);
}
