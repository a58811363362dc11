import { ColdpressError } from '../../errors.ts';
import { getAttribute } from '../attributes.ts';
import type { GraphProto, NodeProto } from '../onnx_pb.ts';
import { domainOf } from '../opsets.ts';
import { typeOf } from '../types.ts';
import { allGraphs, allNodes } from '../walk.ts';
import type { Check } from './check.ts';

/** Finds uses of operators that crash ONNX Runtime 1.30 instead of being rejected, some only for certain requests. */
export const checkCrashes: Check = function* (model) {
  const nodes = [...allNodes(model)].filter(({ domain }) => domainOf(domain) === '');
  const unclear = nodes.find(hasUnclearMode);
  if (unclear !== undefined) {
    yield new ColdpressError(
      'MODEL_INVALID',
      `BatchNormalization "${unclear.name}" has a training_mode that is neither 0 nor 1`,
      { hint: 'export the model for inference: model.eval() before torch.onnx.export' },
    );
  }
  for (const graph of allGraphs(model)) {
    const unsplit = graph.node.find(node => hasUnknownHeads(node, graph));
    if (unsplit !== undefined) {
      yield new ColdpressError(
        'MODEL_INVALID',
        `Attention "${unsplit.name}" says neither how many heads it has nor that its inputs have 4 dimensions`,
        { hint: 'set q_num_heads and kv_num_heads, or declare the shape of its inputs' },
      );
    }
  }
};

/** ONNX Runtime checks the outputs for any mode but 0 and prepares them only for 1: others write to a null pointer. */
function hasUnclearMode(node: NodeProto): boolean {
  const mode = getAttribute(node, 'training_mode')?.i ?? 0n;
  return node.opType === 'BatchNormalization' && mode !== 0n && mode !== 1n;
}

/** The kernel divides by the number of heads unless there are 4 dimensions. Values that the graph makes are trusted. */
function hasUnknownHeads(node: NodeProto, graph: GraphProto): boolean {
  if (node.opType !== 'Attention' || domainOf(node.domain) !== '') {
    return false;
  }
  const heads = ['q_num_heads', 'kv_num_heads'].map(name => getAttribute(node, name)?.i ?? 0n);
  if (heads.every(count => count > 0n)) {
    return false;
  }
  const declared = [...graph.input, ...graph.valueInfo].find(({ name }) => name === node.input[0]);
  const type = typeOf(declared?.type);
  const rank = type.kind === 'tensor' ? type.shape?.length : undefined;
  return rank !== 4 && (rank !== undefined || graph.input.some(({ name }) => name === node.input[0]));
}
