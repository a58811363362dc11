import { changeSubgraphs, getStringAttribute, setAttribute } from '../attributes.ts';
import { AttributeProto_AttributeType, type NodeProto } from '../onnx_pb.ts';
import type { Pass } from './pass.ts';

/** In every glibc image, without an installed locale, and of the same case mapping as en_US.UTF-8. */
const LOCALE = 'C.UTF-8';
/** What ONNX Runtime takes where the attribute is absent: https://onnx.ai/onnx/operators/onnx__StringNormalizer.html */
const PORTABLE = new Set(['', 'en_US', 'en_US.UTF-8', 'en-US', 'C', 'POSIX']);

/** Frees StringNormalizer, part of every text vectorizer of scikit-learn, from a locale that slim and Lambda images lack. */
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
  // Other locales have case mappings of their own: Turkish, Lithuanian.
  if (!PORTABLE.has(getStringAttribute(node, 'locale') ?? '')) {
    return inside;
  }
  setAttribute(node, { name: 'locale', type: AttributeProto_AttributeType.STRING, s: Buffer.from(LOCALE) });
  return true;
}
