import type { ModelProto, OperatorSetIdProto } from '../onnx_pb.ts';
import { defaultOpset, domainOf } from '../opsets.ts';
import { allNodes } from '../walk.ts';
import type { Pass } from './pass.ts';

/** The newest opset that ONNX Runtime 1.30 treats as released, and the newest with operators in it. */
const RELEASED = 26;
const KNOWN = 27;
/** The newest opset this table covers. 28 adds SwiGLU, which `swish` rewrites, and element types; no results change. */
const UNDERSTOOD = 28;
const CHANGED_IN_27 = ['Range', 'LinearAttention', 'CausalConvWithState'];

/** Makes ONNX Runtime open models of opsets that it treats as unreleased. */
export const previewOpset: Pass = {
  name: 'preview-opset',
  apply({ proto, env }) {
    const opset = defaultOpset(proto);
    if (opset === undefined || opset <= RELEASED || opset > UNDERSTOOD) {
      return undefined;
    }
    const operators = new Set(
      [...allNodes(proto)].filter(({ domain }) => domainOf(domain) === '').map(({ opType }) => opType),
    );
    const needsKnown = CHANGED_IN_27.some(type => operators.has(type));
    const lowered = needsKnown ? KNOWN : RELEASED;
    for (const entry of opsetEntries(proto)) {
      if (Number(entry.version) > lowered) {
        entry.version = BigInt(lowered);
      }
    }
    if (!needsKnown) {
      return `opset ${opset} is a preview to ONNX Runtime; now ${RELEASED}, in which these operators are the same`;
    }
    env.ALLOW_RELEASED_ONNX_OPSET_ONLY = '0';
    return `opset ${opset} is a preview in ONNX Runtime; coldpress allows it`;
  },
};

function opsetEntries(proto: ModelProto): OperatorSetIdProto[] {
  return [...proto.opsetImport, ...proto.functions.flatMap(({ opsetImport }) => opsetImport)].filter(
    ({ domain }) => domainOf(domain) === '',
  );
}
