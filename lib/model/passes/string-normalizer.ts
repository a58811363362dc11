import { changeSubgraphs, getStringAttribute, setAttribute } from '../attributes.ts';
import { AttributeProto_AttributeType, type NodeProto } from '../onnx_pb.ts';
import type { Pass } from './pass.ts';

/** Part of every glibc image without installed locales, with the same case mapping as en_US.UTF-8. */
const LOCALE = 'C.UTF-8';
/** Locales equal to ONNX Runtime's default: https://onnx.ai/onnx/operators/onnx__StringNormalizer.html */
const PORTABLE = new Set(['', 'en_US', 'en_US.UTF-8', 'en-US', 'C', 'POSIX']);

/** Makes StringNormalizer, part of scikit-learn's text vectorizers, work in slim and Lambda images, without locales. */
export const stringNormalizer: Pass = {
  name: 'string-normalizer-locale',
  engine: 'onnxruntime',
  apply({ proto }) {
    const changed = [...(proto.graph?.node ?? []), ...proto.functions.flatMap(({ node }) => node)].map(
      relocate,
    );
    if (!changed.includes(true)) {
      return undefined;
    }
    return `StringNormalizer needs a locale that Lambda's image does not have; now ${LOCALE}, with the same results`;
  },
};

function relocate(node: NodeProto): boolean {
  const inside = changeSubgraphs(node, body => body.node.map(relocate).includes(true));
  if (node.opType !== 'StringNormalizer') {
    return inside;
  }
  // Other locales, such as Turkish and Lithuanian, have their own case mappings.
  if (!PORTABLE.has(getStringAttribute(node, 'locale') ?? '')) {
    return inside;
  }
  setAttribute(node, { name: 'locale', type: AttributeProto_AttributeType.STRING, s: Buffer.from(LOCALE) });
  return true;
}
