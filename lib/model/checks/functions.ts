import { ColdpressError } from '../../errors.ts';
import { subgraphs } from '../attributes.ts';
import type { NodeProto } from '../onnx_pb.ts';
import { domainOf } from '../opsets.ts';
import type { Check } from './check.ts';

/** ONNX Runtime inlines functions when it opens a model: ten that each call the next ten times make it hang. */
const MAX_INLINED_NODES = 1_000_000;

/** Finds functions that call themselves, or that unfold to more nodes than can be opened. */
export const checkFunctions: Check = function* (model) {
  const bodies = new Map(model.functions.map(body => [`${domainOf(body.domain)}\0${body.name}`, body]));
  const sizes = new Map<string, number | 'open'>();

  function sizeOf(nodes: NodeProto[]): number {
    let size = 0;
    for (const node of nodes) {
      size += 1;
      for (const graph of subgraphs(node)) {
        size += sizeOf(graph.node);
      }
      const key = `${domainOf(node.domain)}\0${node.opType}`;
      const body = bodies.get(key);
      if (body === undefined) {
        continue;
      }
      const known = sizes.get(key);
      if (known === 'open') {
        return Number.NaN;
      }
      if (known === undefined) {
        sizes.set(key, 'open');
      }
      const own = known ?? sizeOf(body.node);
      sizes.set(key, own);
      size += own;
    }
    return size;
  }

  // Bodies are measured first so that functions that are never called are checked too.
  const total = sizeOf([...model.functions.flatMap(({ node }) => node), ...(model.graph?.node ?? [])]);
  if (Number.isNaN(total)) {
    yield new ColdpressError('MODEL_INVALID', 'a function of the model calls itself', {
      hint: 'export it again without local functions: onnx.inliner.inline_local_functions says more',
    });
  }
  if (total > MAX_INLINED_NODES) {
    yield new ColdpressError('MODEL_TOO_COMPLEX', `the model's functions unfold to ${total} operators`, {
      hint: 'export it without nested local functions',
    });
  }
};
