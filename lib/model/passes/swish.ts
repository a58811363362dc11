import { getAttribute } from '../attributes.ts';
import { makeNode, startNodes } from '../nodes.ts';
import type { NodeProto } from '../onnx_pb.ts';
import { domainOf } from '../opsets.ts';
import { freshNamesIn } from '../rename.ts';
import { changeNodes } from '../scope.ts';
import { allNodes } from '../walk.ts';
import type { Pass } from './pass.ts';

/** Decomposes Swish and SwiGLU, for which ONNX Runtime has no kernel, or for SwiGLU of opset 28, no operator. */
export const swish: Pass = {
  name: 'swish',
  apply({ proto, facts }) {
    const isLacking = ({ opType, domain }: NodeProto) =>
      domainOf(domain) === '' &&
      (opType === 'SwiGLU' ||
        (opType === 'Swish' && (facts.lacking.has('Swish') || facts.engine === 'compiled')));
    if (![...allNodes(proto)].some(isLacking)) {
      return undefined;
    }
    const fresh = freshNamesIn(proto);
    changeNodes(proto, node => (isLacking(node) ? takeApart(node, fresh) : undefined));
    return 'ONNX Runtime 1.30 has no kernel for Swish or SwiGLU; now made of Sigmoid and Mul, as ONNX defines them';
  },
};

/** Makes x · sigmoid(alpha · x), for SwiGLU times its other input: https://onnx.ai/onnx/operators/onnx__Swish.html */
function takeApart(node: NodeProto, fresh: (name: string) => string): NodeProto[] {
  const [gate = '', other] = node.input;
  const list = startNodes(fresh);
  const alpha = getAttribute(node, 'alpha')?.f ?? 1;
  const scaled =
    alpha === 1 ? gate : list.add('Mul', [gate, list.add('CastLike', [list.float(alpha), gate])]);
  const factors = [gate, list.add('Sigmoid', [scaled])];
  const input = node.opType === 'SwiGLU' ? [list.add('Mul', factors), other ?? ''] : factors;
  return [...list.nodes, makeNode({ opType: 'Mul', input, output: node.output })];
}
